import type { StorageStep } from '../kit/storage';

/** Append only. */
export const STEPS: readonly StorageStep[] = [
  (sql) => {
    sql.exec('CREATE TABLE gate (one INTEGER PRIMARY KEY CHECK (one = 1), settings TEXT NOT NULL)');
    sql.exec('CREATE TABLE secrets (n INTEGER PRIMARY KEY AUTOINCREMENT, sha256 TEXT NOT NULL UNIQUE)');
    sql.exec('CREATE TABLE numbers (recipient INTEGER PRIMARY KEY, added_at INTEGER NOT NULL, reason TEXT NOT NULL)');
    sql.exec('CREATE TABLE blacklist_size (one INTEGER PRIMARY KEY CHECK (one = 1), numbers INTEGER NOT NULL)');
    sql.exec('INSERT INTO blacklist_size VALUES (1, 0)');
    sql.exec('CREATE TABLE countries (iso2 TEXT PRIMARY KEY) WITHOUT ROWID');
  },
  (sql) => {
    sql.exec('CREATE TABLE days (day TEXT PRIMARY KEY, messages INTEGER NOT NULL, micros INTEGER NOT NULL) WITHOUT ROWID');
    // Of mainland numbers only, for MAINLAND_WINDOW_MS: which texts (hashes) went to whom, when.
    sql.exec('CREATE TABLE texts (n INTEGER PRIMARY KEY, recipient INTEGER NOT NULL, body INTEGER NOT NULL, at INTEGER NOT NULL)');
    sql.exec('CREATE INDEX texts_recipient ON texts (recipient, at)');
    // answer NULL: still running, since running_at.
    sql.exec(`CREATE TABLE repeats (
      key TEXT PRIMARY KEY,
      fingerprint TEXT NOT NULL,
      first_at INTEGER NOT NULL,
      running_at INTEGER NOT NULL,
      blocked TEXT NOT NULL,
      ticket TEXT,
      answer TEXT
    ) WITHOUT ROWID`);
    sql.exec('CREATE INDEX repeats_age ON repeats (first_at)');
  },
  (sql) => {
    // Texts to mainland numbers are counted by tenant now, in its MainlandCaps.
    sql.exec('DROP TABLE texts');
  },
  (sql) => {
    // NULL: from before this was kept.
    sql.exec('ALTER TABLE secrets ADD COLUMN added_at INTEGER');
    sql.exec('ALTER TABLE gate ADD COLUMN used_at INTEGER');
    // The inbound message that put a number here.
    sql.exec('ALTER TABLE numbers ADD COLUMN source TEXT');
  },
  (sql) => {
    // Files of numbers: how far each was added, and how many of its numbers were new.
    sql.exec('CREATE TABLE imports (id TEXT PRIMARY KEY, through INTEGER NOT NULL, added INTEGER NOT NULL) WITHOUT ROWID');
  },
];
