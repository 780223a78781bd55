/**
 * What a shard knows of its file in the archive: the revisions that it began, and the rows that changed since they were archived. D1's row
 * alone decides which revision counts; what is kept here finds the others again, so that none stays in R2 for ever.
 */
import { ARCHIVE_LEFTOVER_MS, LATE_RECEIPT_LIFETIME_MS } from '../../schema/limits';
import { PATCHES_AT_ONCE, type RowPatch } from '../../schema/protocol/archive';
import { messageStateCode } from '../../schema/states';
import { rawRows, rows, run } from '../kit/storage';
import { stateOf, type MessageRecord } from './message-records';

interface Stored extends Record<string, SqlStorageValue> {
  revision: number;
  rows: number;
  sealed_at: number | null;
  changes: number;
  told: number;
}

type StoredPatch = [row: number, state: number, error: string | null, network: string | null, finalAt: number | null];

export class Archive {
  readonly #sql: SqlStorage;
  readonly #stored: Stored;
  /** undefined = to be read */
  #tidyAt: number | null | undefined;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    const [found] = rows<Stored>(sql, 'SELECT revision, rows, sealed_at, changes, told FROM archive');
    if (!found) throw new Error('a shard without a note of its archive');
    this.#stored = found;
  }

  /** Of a sealed shard; else 0. */
  get rows(): number {
    return this.#stored.rows;
  }

  get sealedAt(): number | null {
    return this.#stored.sealed_at;
  }

  /** Grows with whatever changes the number of patches; D1 knows how it stood at `told`. */
  get changes(): number {
    return this.#stored.changes;
  }

  get isTold(): boolean {
    return this.#stored.told >= this.#stored.changes;
  }

  told(changes: number): void {
    this.#write({ told: Math.max(this.#stored.told, changes) });
  }

  /** @param keyOf the file of a revision @returns one that was never given out; its file is left over unless `keep` says otherwise */
  begin(keyOf: (revision: number) => string, now: number): { readonly revision: number; readonly file: string } {
    const revision = this.#stored.revision + 1;
    const file = keyOf(revision);
    this.#write({ revision });
    run(this.#sql, 'INSERT INTO archive_files VALUES (?, ?, ?)', revision, file, now + ARCHIVE_LEFTOVER_MS);
    return { revision, file };
  }

  /** D1 names this one. The others go, once nobody can be reading them any more. */
  keep(revision: number, now: number): void {
    run(
      this.#sql,
      'UPDATE archive_files SET remove_at = CASE WHEN revision = ? THEN NULL ELSE coalesce(remove_at, ?) END',
      revision,
      now + ARCHIVE_LEFTOVER_MS,
    );
    this.#tidyAt = undefined;
  }

  seal(rowCount: number, now: number): void {
    this.#write({ rows: rowCount, sealed_at: now });
  }

  /** Absolute: how these rows stand now. */
  patch(changed: readonly MessageRecord[]): void {
    if (changed.length === 0) return;
    const changes = this.#stored.changes + 1;
    this.#write({ changes });
    run(
      this.#sql,
      `INSERT INTO patches SELECT value ->> 0, ?, value ->> 1, value ->> 2, value ->> 3, value ->> 4, NULL FROM json_each(?) WHERE true
       ON CONFLICT (row) DO UPDATE SET change = excluded.change, state = excluded.state, error = excluded.error, network = excluded.network,
         final_at = excluded.final_at, folded_at = NULL`,
      changes,
      JSON.stringify(changed.map(({ row, state, error, network, finalAt }) => [row, messageStateCode(state), error, network, finalAt])),
    );
  }

  /** Rows from `fromRow` to `untilRow` inclusive. Those that a file holds already are among them for a while: another revision may be read. */
  patches(fromRow: number, untilRow: number): RowPatch[] {
    return this.#patches('row BETWEEN ? AND ? ORDER BY row', fromRow, untilRow);
  }

  /** As `patches`, from `fromRow` on, PATCHES_AT_ONCE at most. */
  patchesFrom(fromRow: number): RowPatch[] {
    return this.#patches('row >= ? ORDER BY row LIMIT ?', fromRow, PATCHES_AT_ONCE);
  }

  #patches(which: string, ...bindings: readonly number[]): RowPatch[] {
    const query = `SELECT row, state, error, network, final_at FROM patches WHERE ${which}`;
    return (rawRows(this.#sql, query, ...bindings) as StoredPatch[]).map(([row, code, error, network, finalAt]) => ({
      row,
      state: stateOf(code),
      error,
      network,
      finalAt,
    }));
  }

  /** Patches that no file holds yet. */
  countPatches(): number {
    return rows<{ n: number }>(this.#sql, 'SELECT count(*) AS n FROM patches WHERE folded_at IS NULL')[0]?.n ?? 0;
  }

  /** A file holds the patches up to this change. */
  fold(upTo: number, now: number): void {
    run(this.#sql, 'UPDATE patches SET folded_at = ? WHERE folded_at IS NULL AND change <= ?', now, upTo);
    this.#write({ changes: this.#stored.changes + 1 });
    this.#tidyAt = undefined;
  }

  /** When something of a sealed shard is to be forgotten, ms UTC; null = nothing. */
  get tidyAt(): number | null {
    if (this.#tidyAt !== undefined) return this.#tidyAt;
    const { sealed_at: sealedAt } = this.#stored;
    const [found] = rows<{ file: number | null; patch: number | null; repeats: number; kept: number }>(
      this.#sql,
      `SELECT (SELECT min(remove_at) FROM archive_files) AS file, (SELECT min(folded_at) FROM patches) AS patch,
         EXISTS (SELECT 1 FROM repeats) AS repeats, EXISTS (SELECT 1 FROM messages) AS kept`,
    );
    const times = [
      found?.file ?? null,
      found?.patch ? found.patch + ARCHIVE_LEFTOVER_MS : null,
      found?.repeats && sealedAt !== null ? sealedAt + ARCHIVE_LEFTOVER_MS : null,
      found?.kept && sealedAt !== null ? sealedAt + LATE_RECEIPT_LIFETIME_MS : null,
    ].filter((at) => at !== null);
    return (this.#tidyAt = times.length === 0 ? null : Math.min(...times));
  }

  /** Files that are due to be removed, by revision. */
  leftovers(now: number): { revision: number; file: string }[] {
    return rows<{ revision: number; file: string }>(this.#sql, 'SELECT revision, file FROM archive_files WHERE remove_at <= ?', now);
  }

  /** @param removed revisions that are gone @param current the one that D1 names, whatever was thought here */
  tidy(removed: readonly number[], current: number | null, now: number): void {
    const { sealed_at: sealedAt } = this.#stored;
    run(this.#sql, 'DELETE FROM archive_files WHERE revision IN (SELECT value FROM json_each(?))', JSON.stringify(removed));
    if (current !== null) run(this.#sql, 'UPDATE archive_files SET remove_at = NULL WHERE revision = ?', current);
    run(this.#sql, 'DELETE FROM patches WHERE folded_at <= ?', now - ARCHIVE_LEFTOVER_MS);
    if (sealedAt !== null && sealedAt <= now - ARCHIVE_LEFTOVER_MS) run(this.#sql, 'DELETE FROM repeats');
    if (sealedAt !== null && sealedAt <= now - LATE_RECEIPT_LIFETIME_MS) {
      run(this.#sql, 'DELETE FROM messages');
      run(this.#sql, 'DELETE FROM part_receipts');
    }
    this.#tidyAt = undefined;
  }

  #write(change: Partial<Stored>): void {
    Object.assign(this.#stored, change);
    const { revision, rows: rowCount, sealed_at: sealedAt, changes, told } = this.#stored;
    run(
      this.#sql,
      'UPDATE archive SET revision = ?, rows = ?, sealed_at = ?, changes = ?, told = ?',
      revision,
      rowCount,
      sealedAt,
      changes,
      told,
    );
    this.#tidyAt = undefined;
  }
}
