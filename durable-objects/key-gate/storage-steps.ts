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
];
