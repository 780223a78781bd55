/**
 * An export as the step that holds it sees it. Every write asks D1 whether the export is still this step's; when it is not (cancelled, or
 * taken over because the lease ran out), the step ends there.
 */
import type { ErrorCode } from '../../schema/errors';
import type { ExportId } from '../../schema/ids';
import type { Files } from '../gateways/files';
import type { ExportRow, ExportStore, HeldCheckpoint } from '../gateways/stores/exports';
import { ExportCheckpoint } from '../rules/export-checkpoint';

/** A holder that writes nothing for this long has crashed. Progress is written far more often. */
export const EXPORT_LEASE_MS = 30_000;
const PROGRESS_EVERY_MS = 1_000;

/** The export is no longer this step's. */
export class LeaseLost extends Error {
  constructor() {
    super('lease lost');
    this.name = 'LeaseLost';
  }
}

/** The checkpoint in a row; null before the first one. @throws ZodError for one of another shape, which only a bug can have written */
export function checkpointOf(row: Pick<ExportRow, 'checkpoint'>): ExportCheckpoint | null {
  const done = (row.checkpoint as HeldCheckpoint | null)?.done ?? null;
  return done === null ? null : ExportCheckpoint.parse(done);
}

export class HeldExport {
  readonly #store: ExportStore;
  readonly #files: Pick<Files, 'remove'>;
  readonly #holder: string;
  readonly #id: ExportId;
  #done: ExportCheckpoint | null;
  #failures: number;
  #rows: number;
  #bytes: number;
  #rowsExpected: number;
  #writtenAt: number;

  /** @param row as claimed for `holder` */
  constructor(store: ExportStore, files: Pick<Files, 'remove'>, holder: string, row: ExportRow) {
    this.#store = store;
    this.#files = files;
    this.#holder = holder;
    this.#id = row.id;
    this.#done = checkpointOf(row);
    this.#failures = (row.checkpoint as HeldCheckpoint).failures;
    this.#rows = this.#done?.rows ?? 0;
    this.#bytes = this.#done?.bytes ?? 0;
    this.#rowsExpected = row.rowsExpected;
    this.#writtenAt = row.progressAt;
  }

  /** What is safely stored. */
  get done(): ExportCheckpoint | null {
    return this.#done;
  }

  /** Steps that failed in a row before this one. */
  get failures(): number {
    return this.#failures;
  }

  /** Rows that the file will have at most. */
  expect(rows: number): void {
    this.#rowsExpected = rows;
  }

  /** How far the file is; shown with the next write. */
  wrote(rows: number, bytes: number): void {
    this.#rows = rows;
    this.#bytes = bytes;
  }

  /** As `wrote`, and tells it about once a second, which keeps the lease. @throws LeaseLost */
  async progress(rows: number, bytes: number): Promise<void> {
    this.wrote(rows, bytes);
    if (Date.now() - this.#writtenAt >= PROGRESS_EVERY_MS) await this.renew();
  }

  /** Makes sure that the export is still this step's, and keeps it. @throws LeaseLost */
  async renew(): Promise<void> {
    const now = Date.now();
    this.#writtenAt = now;
    this.#mine(await this.#store.progress(this.#id, this.#holder, this.#shown(), now, now + EXPORT_LEASE_MS));
  }

  /** @throws LeaseLost */
  async save(done: ExportCheckpoint): Promise<void> {
    const now = Date.now();
    // Bytes have moved: what failed before has been overcome.
    if (done.etags.length > 0) this.#failures = 0;
    this.#rows = Math.max(this.#rows, done.rows);
    this.#bytes = Math.max(this.#bytes, done.bytes);
    this.#writtenAt = now;
    await this.#write({ holder: this.#holder, heldUntil: now + EXPORT_LEASE_MS, failures: this.#failures }, done, now);
  }

  /** Leaves the export to the next step. @throws LeaseLost */
  async handOver(done: ExportCheckpoint): Promise<void> {
    await this.#write({ holder: null, heldUntil: 0, failures: 0 }, done, Date.now());
  }

  /** Leaves the export after a failure. @param fresh the next step begins the file anew @throws LeaseLost */
  async release(failures: number, fresh: boolean): Promise<void> {
    await this.#write({ holder: null, heldUntil: 0, failures }, fresh ? null : this.#done, Date.now());
  }

  /** @param file null when there is none @throws LeaseLost */
  async finish(file: ExportCheckpoint | null, error: ErrorCode | null): Promise<void> {
    const state = file ? 'ready' : 'failed';
    this.#mine(await this.#store.finish(this.#id, this.#holder, state, error, file, this.#shown(), Date.now()));
    await this.#dropCarry(null);
  }

  async #write(checkpoint: Omit<HeldCheckpoint, 'done'>, done: ExportCheckpoint | null, now: number): Promise<void> {
    this.#mine(await this.#store.checkpoint(this.#id, this.#holder, { ...checkpoint, done }, this.#shown(), now));
    await this.#dropCarry(done);
    this.#done = done;
  }

  /** Carried bytes that no checkpoint names any more. */
  async #dropCarry(next: ExportCheckpoint | null): Promise<void> {
    const old = this.#done?.carry;
    if (old?.kind !== 'file' || (next?.carry.kind === 'file' && next.carry.key === old.key)) return;
    await this.#files.remove([old.key]);
  }

  #shown(): { rows: number; bytes: number; rowsExpected: number } {
    return { rows: this.#rows, bytes: this.#bytes, rowsExpected: Math.max(this.#rowsExpected, this.#rows) };
  }

  #mine(changed: boolean): void {
    if (!changed) throw new LeaseLost();
  }
}
