/**
 * Rows handed out together: leased to the queue, then claimed a few at a time. A free chunk (no deadline) waits to be released. Which
 * rows were claimed and not answered is known in memory and read again after an eviction.
 */
import type { CarrierAccountId } from '../../schema/ids';
import { rawRows, rows, run } from '../kit/storage';
import type { MessageRecord } from './message-records';

export interface Chunk {
  readonly number: number;
  readonly first: number;
  /** Rows; shrinks to `claimed` when the rest is taken back. */
  count: number;
  /** Row numbers in order where they are not first, first + 1, … */
  readonly list: readonly number[] | null;
  /** Rows gone through so far. */
  claimed: number;
  /** Rows handed out so far: fewer than `claimed` where a receipt settled a row in between. What a consumer calls its position. */
  handed: number;
  /** When the lease ends, ms UTC; null = free. */
  deadline: number | null;
  /** Through which its rows go; '' = that of the settings, null = said when the first of them is claimed. */
  account: CarrierAccountId | '' | null;
  /** Handed out, not answered. */
  readonly pending: Set<number>;
}

/** Row numbers from `from` (inclusive) to `to` (exclusive), counted within the chunk. */
export function chunkRows({ list, first }: Chunk, from: number, to: number): number[] {
  if (list) return list.slice(from, to);
  return Array.from({ length: Math.max(0, to - from) }, (_, at) => first + from + at);
}

interface StoredChunk extends Record<string, SqlStorageValue> {
  number: number;
  first: number;
  count: number;
  list: string | null;
  claimed: number;
  handed: number;
  deadline: number | null;
  account: CarrierAccountId | '' | null;
}

/** A row on its way. `record` is what the storage holds of it; null after an eviction, when only the storage knows. */
interface Handed {
  readonly chunk: Chunk;
  record: MessageRecord | null;
}

export class Chunks {
  readonly #sql: SqlStorage;
  readonly #byNumber = new Map<number, Chunk>();
  readonly #byRow = new Map<number, Handed>();
  /** Numbers of chunks that have a lease, and of those that nobody began: there may be thousands, and each message asks. */
  readonly #leased = new Set<number>();
  readonly #unbegun = new Set<number>();
  /** No lease ends before; those that ended early may have been the first. null = to be looked for. */
  #nextDeadline: number | null = null;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    // Latest first: a row that was released again belongs to its latest chunk, whose number is higher.
    const releasedAgain = new Set<number>();
    const stored = rows<StoredChunk>(sql, 'SELECT * FROM chunks ORDER BY number DESC');
    for (const { number, first, count, list, claimed, handed, deadline, account } of stored) {
      const rowNumbers = list === null ? null : (JSON.parse(list) as number[]);
      const chunk: Chunk = { number, first, count, list: rowNumbers, claimed, handed, deadline, account, pending: new Set() };
      this.#byNumber.set(number, chunk);
      this.#note(chunk);
      for (const row of this.#stillPending(chunk)) if (!releasedAgain.has(row)) this.#await(chunk, row, null);
      for (const row of rowNumbers ?? []) releasedAgain.add(row);
    }
  }

  /** A row that was claimed and is neither settled nor waiting for another try has no answer yet. */
  #stillPending(chunk: Chunk): number[] {
    if (chunk.claimed === 0) return [];
    const found = rawRows(
      this.#sql,
      `SELECT row FROM messages WHERE row IN (SELECT value FROM json_each(?)) AND state = 0
       AND row NOT IN (SELECT row FROM retries WHERE due_at IS NOT NULL)`,
      JSON.stringify(chunkRows(chunk, 0, chunk.claimed)),
    );
    return found.map(([row]) => row as number);
  }

  get(number: number): Chunk | undefined {
    return this.#byNumber.get(number);
  }

  all(): readonly Chunk[] {
    return [...this.#byNumber.values()];
  }

  free(): Chunk[] {
    return this.all().filter(({ deadline }) => deadline === null);
  }

  /** Leased and not begun: what lies in the queue. */
  get waiting(): number {
    return this.#unbegun.size;
  }

  /** Something lies in the queue or is on its way to this account. */
  isAnyOut(account: CarrierAccountId | ''): boolean {
    for (const number of this.#leased) if ((this.#byNumber.get(number)?.account ?? account) === account) return true;
    return false;
  }

  /** When to look for leases that ran out, ms UTC: not after the first of them does, and at once until somebody has looked. */
  get nextDeadline(): number | null {
    if (this.#leased.size === 0) return null;
    if (this.#nextDeadline === null) {
      const deadlines = Array.from(this.#leased, (number) => this.#byNumber.get(number)?.deadline ?? null);
      this.#nextDeadline = deadlines.reduce((next, at) => (at !== null && (next === null || at < next) ? at : next), null);
    }
    return this.#nextDeadline;
  }

  /** Those whose lease ran out. */
  overdue(now: number): Chunk[] {
    this.#nextDeadline = null;
    return this.all().filter(({ deadline }) => deadline !== null && deadline <= now);
  }

  /** Follows a chunk that is new or has changed. */
  #note({ number, claimed, deadline }: Chunk): void {
    if (deadline === null) {
      this.#leased.delete(number);
      this.#unbegun.delete(number);
      return;
    }
    this.#leased.add(number);
    if (claimed === 0) this.#unbegun.add(number);
    else this.#unbegun.delete(number);
    if (this.#nextDeadline !== null && deadline < this.#nextDeadline) this.#nextDeadline = deadline;
  }

  isPending(row: number): boolean {
    return this.#byRow.has(row);
  }

  /** Handed out by this chunk and not answered. */
  isPendingIn(row: number, number: number): boolean {
    return this.#byRow.get(row)?.chunk.number === number;
  }

  pendingRows(): number[] {
    return [...this.#byRow.keys()];
  }

  add(
    number: number,
    place: { readonly first: number; readonly count: number; readonly list: readonly number[] | null },
    deadline: number | null,
    account: Chunk['account'],
  ): Chunk {
    const chunk: Chunk = { number, ...place, claimed: 0, handed: 0, deadline, account, pending: new Set() };
    this.#byNumber.set(number, chunk);
    this.#note(chunk);
    const { first, count, list } = place;
    run(
      this.#sql,
      'INSERT INTO chunks (number, first, count, list, claimed, handed, deadline, account) VALUES (?, ?, ?, ?, 0, 0, ?, ?)',
      number,
      first,
      count,
      list === null ? null : JSON.stringify(list),
      deadline,
      account,
    );
    return chunk;
  }

  save(chunk: Chunk): void {
    const { number, count, claimed, handed, deadline, account } = chunk;
    this.#note(chunk);
    run(
      this.#sql,
      'UPDATE chunks SET count = ?, claimed = ?, handed = ?, deadline = ?, account = ? WHERE number = ?',
      count,
      claimed,
      handed,
      deadline,
      account,
      number,
    );
  }

  remove(chunk: Chunk): void {
    for (const row of chunk.pending) this.#byRow.delete(row);
    this.#byNumber.delete(chunk.number);
    this.#leased.delete(chunk.number);
    this.#unbegun.delete(chunk.number);
    run(this.#sql, 'DELETE FROM chunks WHERE number = ?', chunk.number);
  }

  handOut(chunk: Chunk, record: MessageRecord): void {
    this.#await(chunk, record.row, record);
  }

  /** A row on its way as the storage holds it, if memory knows: an answer then needs no look into the storage. */
  recordOf(row: number): MessageRecord | null {
    return this.#byRow.get(row)?.record ?? null;
  }

  /** Through which account the row is on its way; null when it is not. */
  accountOf(row: number): Chunk['account'] {
    return this.#byRow.get(row)?.chunk.account ?? null;
  }

  /** The row changed while it was on its way: a receipt was faster than the answer. */
  changed(record: MessageRecord): void {
    const handed = this.#byRow.get(record.row);
    if (handed) handed.record = record;
  }

  /** The row has its answer; a chunk without rows left is done. */
  answered(row: number): void {
    const chunk = this.#byRow.get(row)?.chunk;
    if (!chunk) return;
    this.#byRow.delete(row);
    chunk.pending.delete(row);
    if (chunk.claimed >= chunk.count && chunk.pending.size === 0) this.remove(chunk);
  }

  #await(chunk: Chunk, row: number, record: MessageRecord | null): void {
    chunk.pending.add(row);
    this.#byRow.set(row, { chunk, record });
  }
}
