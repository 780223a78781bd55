/**
 * Storage of an object: append-only migrations and counted SQL.
 * `PRAGMA user_version` is not available to objects, so the version is a row of its own.
 */
import { count } from '../../workers/gateways/meter';

/** One step from the shape before it. Never edit a step that has shipped: objects of every age live at once. */
export type StorageStep = (sql: SqlStorage) => void;

/** Brings the storage to the newest shape; each step and its version number are one transaction. */
export function migrate(storage: DurableObjectStorage, steps: readonly StorageStep[]): void {
  const { sql } = storage;
  sql.exec('CREATE TABLE IF NOT EXISTS storage_version (version INTEGER NOT NULL)');
  const found = sql.exec<{ version: number }>('SELECT version FROM storage_version').toArray()[0]?.version;
  if (found === undefined) sql.exec('INSERT INTO storage_version VALUES (0)');
  for (let version = found ?? 0; version < steps.length; version += 1) {
    const step = steps[version];
    if (!step) continue;
    storage.transactionSync(() => {
      step(sql);
      sql.exec('UPDATE storage_version SET version = ?', version + 1);
    });
  }
}

/** Runs a statement to its end and counts its billed rows. */
export function run(sql: SqlStorage, query: string, ...bindings: SqlStorageValue[]): number {
  const cursor = sql.exec(query, ...bindings);
  cursor.toArray();
  count('objectRowsRead', cursor.rowsRead);
  count('objectRowsWritten', cursor.rowsWritten);
  return cursor.rowsWritten;
}

/** All rows of a query, as objects. For bulk reads use `rawRows`. */
export function rows<Row extends Record<string, SqlStorageValue>>(sql: SqlStorage, query: string, ...bindings: SqlStorageValue[]): Row[] {
  const cursor = sql.exec<Row>(query, ...bindings);
  const all = cursor.toArray();
  count('objectRowsRead', cursor.rowsRead);
  count('objectRowsWritten', cursor.rowsWritten);
  return all;
}

/** All rows of a query, as tuples: about twice as fast for many rows. */
export function rawRows(sql: SqlStorage, query: string, ...bindings: SqlStorageValue[]): SqlStorageValue[][] {
  const cursor = sql.exec(query, ...bindings);
  const all = Array.from(cursor.raw());
  count('objectRowsRead', cursor.rowsRead);
  count('objectRowsWritten', cursor.rowsWritten);
  return all;
}
