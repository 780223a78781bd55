/**
 * Storage of a WebhookLane. An event waits until it travels in a delivery, which is one request however often it is tried; every try is
 * a row of its own that is never changed. Append only.
 */
import type { StorageStep } from '../kit/storage';

export const STEPS: readonly StorageStep[] = [
  (sql) => {
    sql.exec(`CREATE TABLE lane (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      endpoint TEXT,
      streak INTEGER NOT NULL,
      failing_since INTEGER,
      paused_until INTEGER NOT NULL,
      waiting INTEGER NOT NULL,
      tidied_at INTEGER NOT NULL
    )`);
    sql.exec('INSERT INTO lane VALUES (1, NULL, 0, NULL, 0, 0, 0)');
    // delivery NULL: not on its way yet.
    sql.exec(`CREATE TABLE events (
      n INTEGER PRIMARY KEY AUTOINCREMENT,
      key TEXT NOT NULL UNIQUE,
      type TEXT NOT NULL,
      body TEXT NOT NULL,
      url TEXT,
      at INTEGER NOT NULL,
      delivery INTEGER
    )`);
    sql.exec('CREATE INDEX events_loose ON events (n) WHERE delivery IS NULL');
    sql.exec('CREATE INDEX events_delivery ON events (delivery)');
    // state: index in DELIVERY_STATES. next_at NULL: not tried again. began_at: of the first try, or of the replay.
    sql.exec(`CREATE TABLE deliveries (
      n INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      made_at INTEGER NOT NULL,
      began_at INTEGER NOT NULL,
      state INTEGER NOT NULL,
      attempts INTEGER NOT NULL,
      next_at INTEGER,
      events INTEGER NOT NULL,
      batched INTEGER NOT NULL
    )`);
    sql.exec('CREATE INDEX deliveries_due ON deliveries (next_at) WHERE next_at IS NOT NULL');
    sql.exec('CREATE INDEX deliveries_made ON deliveries (made_at)');
    sql.exec(`CREATE TABLE attempts (
      n INTEGER PRIMARY KEY AUTOINCREMENT,
      delivery INTEGER NOT NULL,
      at INTEGER NOT NULL,
      duration_ms INTEGER NOT NULL,
      method TEXT NOT NULL,
      url TEXT NOT NULL,
      status INTEGER,
      error TEXT,
      answer TEXT NOT NULL
    )`);
    sql.exec('CREATE INDEX attempts_delivery ON attempts (delivery)');
  },
];
