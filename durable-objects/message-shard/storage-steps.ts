/**
 * Storage of a MessageShard. A message is written three times at most: inserted, submitted, final; all else is kept per chunk, per
 * hour or only for the few rows that are out of the ordinary.
 */
import type { StorageStep } from '../kit/storage';

export const STEPS: readonly StorageStep[] = [
  (sql) => {
    sql.exec('CREATE TABLE settings (one INTEGER PRIMARY KEY CHECK (one = 1), body TEXT NOT NULL)');
    sql.exec(`CREATE TABLE progress (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      phase TEXT NOT NULL,
      started_at INTEGER,
      released_to INTEGER NOT NULL,
      next_chunk INTEGER NOT NULL,
      turns INTEGER NOT NULL,
      reported INTEGER NOT NULL,
      written INTEGER NOT NULL,
      walk_after INTEGER,
      expire_at INTEGER
    )`);
    sql.exec("INSERT INTO progress VALUES (1, 'new', NULL, 0, 1, 0, 0, 0, NULL, NULL)");
    // Country, parts and price are few combinations: rows name one by number, counts are kept by it.
    sql.exec('CREATE TABLE classes (id INTEGER PRIMARY KEY, country TEXT NOT NULL, parts INTEGER NOT NULL, price INTEGER NOT NULL)');
    sql.exec(`CREATE TABLE messages (
      row INTEGER PRIMARY KEY,
      recipient INTEGER NOT NULL,
      class INTEGER NOT NULL,
      state INTEGER NOT NULL DEFAULT 0,
      error TEXT,
      network TEXT,
      accepted_at INTEGER,
      submitted_at INTEGER,
      final_at INTEGER,
      carrier_ids TEXT,
      content TEXT
    )`);
    sql.exec('CREATE TABLE tallies (hour INTEGER PRIMARY KEY, changes INTEGER NOT NULL, body TEXT NOT NULL)');
    sql.exec('CREATE TABLE ranges (range INTEGER PRIMARY KEY, answer TEXT NOT NULL)');
    sql.exec('CREATE TABLE repeats (key TEXT PRIMARY KEY, answer TEXT NOT NULL) WITHOUT ROWID');
    // deadline NULL: free, waits to be released. list NULL: the rows are first … first + count - 1.
    sql.exec(`CREATE TABLE chunks (
      number INTEGER PRIMARY KEY,
      first INTEGER NOT NULL,
      count INTEGER NOT NULL,
      list TEXT,
      claimed INTEGER NOT NULL,
      handed INTEGER NOT NULL,
      deadline INTEGER
    )`);
    // due_at NULL: released again, in a chunk.
    sql.exec('CREATE TABLE retries (row INTEGER PRIMARY KEY, attempts INTEGER NOT NULL, due_at INTEGER, error TEXT NOT NULL)');
    sql.exec('CREATE TABLE unanswered (row INTEGER PRIMARY KEY, until INTEGER NOT NULL)');
    sql.exec(`CREATE TABLE part_receipts (
      row INTEGER NOT NULL,
      carrier_id TEXT NOT NULL,
      state INTEGER NOT NULL,
      error TEXT,
      network TEXT,
      at INTEGER NOT NULL,
      PRIMARY KEY (row, carrier_id)
    ) WITHOUT ROWID`);
  },
  (sql) => {
    // Holds of the ledger that rows have taken the place of, until the ledger knows; and the version of the totals that it has.
    sql.exec('CREATE TABLE holds (reference TEXT PRIMARY KEY) WITHOUT ROWID');
    sql.exec('ALTER TABLE progress ADD COLUMN settled INTEGER NOT NULL DEFAULT 0');
    // Scheduled messages may wait by the thousand.
    sql.exec('CREATE INDEX retries_due ON retries (due_at, row)');
  },
  (sql) => {
    // Rows that became final and whose customer is to be told.
    sql.exec('CREATE TABLE announcements (n INTEGER PRIMARY KEY, row INTEGER NOT NULL, state INTEGER NOT NULL)');
  },
  (sql) => {
    // A task's rows up to this one were held against the mainland frequency caps.
    sql.exec('ALTER TABLE progress ADD COLUMN judged_to INTEGER NOT NULL DEFAULT 0');
  },
  (sql) => {
    // Reports tell senders and reasons apart; what D1 holds is written anew in their shape.
    sql.exec("ALTER TABLE classes ADD COLUMN sender TEXT NOT NULL DEFAULT ''");
    sql.exec("ALTER TABLE tallies ADD COLUMN reasons TEXT NOT NULL DEFAULT '[]'");
    sql.exec('UPDATE progress SET written = 0');
  },
  (sql) => {
    // revision: the last one given out; rows: of a sealed shard. changes: grows with whatever changes the number of patches; told: what D1 knows.
    sql.exec(`CREATE TABLE archive (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      revision INTEGER NOT NULL,
      rows INTEGER NOT NULL,
      sealed_at INTEGER,
      changes INTEGER NOT NULL,
      told INTEGER NOT NULL
    )`);
    sql.exec('INSERT INTO archive VALUES (1, 0, 0, NULL, 0, 0)');
    // Every file that was ever begun. remove_at NULL: the one that D1 names, as far as the shard knows.
    sql.exec('CREATE TABLE archive_files (revision INTEGER PRIMARY KEY, file TEXT NOT NULL, remove_at INTEGER)');
    // How rows stand that changed after they were archived. folded_at: since then a file holds it too.
    sql.exec(`CREATE TABLE patches (
      row INTEGER PRIMARY KEY,
      change INTEGER NOT NULL,
      state INTEGER NOT NULL,
      error TEXT,
      network TEXT,
      final_at INTEGER,
      folded_at INTEGER
    )`);
  },
  (sql) => {
    // Empty but for a moment: a table that is made and dropped for that moment is locked by any reader that has not finished. Of the shape of messages.
    sql.exec('CREATE TABLE kept_messages AS SELECT * FROM messages WHERE false');
  },
  (sql) => {
    // A key may have several carrier accounts: chunks and classes say through which. '' = that of the settings; of a chunk NULL = not said yet.
    sql.exec('ALTER TABLE chunks ADD COLUMN account TEXT');
    sql.exec("ALTER TABLE classes ADD COLUMN account TEXT NOT NULL DEFAULT ''");
    // How long receipts took; what D1 holds is written anew, with the accounts.
    sql.exec("ALTER TABLE tallies ADD COLUMN lags TEXT NOT NULL DEFAULT '[]'");
    sql.exec('UPDATE progress SET written = 0');
  },
  (sql) => {
    // Money is drawn from the ledger for many requests at once now (allowance.ts), and named to it by shard alone.
    sql.exec('DROP TABLE holds');
  },
  (sql) => {
    // The chunk whose answer was lost: it alone may still answer. NULL: from before this was kept.
    sql.exec('ALTER TABLE unanswered ADD COLUMN chunk INTEGER');
  },
  (sql) => {
    // Announcements that one lane had no room for, since `at`.
    sql.exec(
      'CREATE TABLE held_announcements (n INTEGER PRIMARY KEY, lane TEXT NOT NULL, row INTEGER NOT NULL, state INTEGER NOT NULL, at INTEGER NOT NULL)',
    );
    sql.exec('CREATE INDEX held_lane ON held_announcements (lane, n)');
  },
];
