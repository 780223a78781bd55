import type { StorageStep } from '../kit/storage';

/** Append only. */
export const STEPS: readonly StorageStep[] = [
  (sql) => {
    // For MAINLAND_WINDOW_MS: which texts (hashes) went to whom, when.
    sql.exec('CREATE TABLE texts (n INTEGER PRIMARY KEY, recipient INTEGER NOT NULL, body INTEGER NOT NULL, at INTEGER NOT NULL)');
    sql.exec('CREATE INDEX texts_recipient ON texts (recipient, at)');
    // The last rows of each shard of a task that were judged, and the answer: whoever asks again must not count them again.
    sql.exec(
      'CREATE TABLE judged (shard INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL, blocked TEXT NOT NULL, at INTEGER NOT NULL)',
    );
  },
];
