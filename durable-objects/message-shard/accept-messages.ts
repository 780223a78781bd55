/** Messages of the API come in by call: those of one moment in one transaction. Nothing is lost or doubled by a repeat. */
import { CHUNK_MESSAGES, LEASE_MS, OUTBOX_RECHECK_MS, ROWS_PER_SHARD } from '../../schema/limits';
import type { AcceptedBefore, ApiRow, MessagesAccepted } from '../../schema/protocol/message-shard';
import { rows, run } from '../kit/storage';
import { insertRows } from './insert-rows';
import { addChunk } from './release';
import type { ShardState } from './shard-state';

export interface AcceptCall {
  readonly messages: readonly ApiRow[];
  /** What they cost, when the balance must cover it; 0 = accepted whatever it is. */
  readonly dueMicros: number;
  readonly acceptedAt: number;
  readonly repeatKey: string | null;
  /** ms UTC; null = at once. */
  readonly notBefore: number | null;
  /** Kept with the repeat key. */
  readonly note: string | null;
}

type Accepted = MessagesAccepted & { readonly chunks: number[] };
/** `short`: the money drawn so far does not cover it; nothing was done. */
export type CallAnswer = MessagesAccepted | { readonly full: true } | { readonly short: true };

export function acceptedBefore(state: ShardState, repeatKey: string): AcceptedBefore | null {
  const [known] = rows<{ answer: string }>(state.sql, 'SELECT answer FROM repeats WHERE key = ?', repeatKey);
  // Answers of earlier versions have neither: the shard queues their chunk itself.
  return known ? { chunks: [], note: null, ...(JSON.parse(known.answer) as Pick<AcceptedBefore, 'firstRow' | 'count'>) } : null;
}

/**
 * Rows that leave at once share chunks: leased here, queued by the one caller that learns the number.
 * @param covers whether rows of so much more may be inserted
 * @returns one answer a call
 */
export function acceptMessages(
  state: ShardState,
  calls: readonly AcceptCall[],
  covers: (micros: number) => boolean,
): readonly CallAnswer[] {
  const chunks = new SharedChunks(state);
  const fresh = new Map<string, { readonly accepted: Accepted; readonly note: string | null }>();
  const answers = calls.map((call): CallAnswer => {
    const { messages, dueMicros, repeatKey, note } = call;
    const known = repeatKey === null ? null : (fresh.get(repeatKey)?.accepted ?? acceptedBefore(state, repeatKey));
    if (known) return { firstRow: known.firstRow, count: known.count, chunks: known.chunks };
    if (state.progress.phase !== 'running') return { full: true };
    if (state.lastRow > 0 && state.lastRow + messages.length > ROWS_PER_SHARD) return { full: true };
    if (!covers(dueMicros)) return { short: true };
    const accepted = insert(state, call, chunks);
    if (repeatKey !== null) fresh.set(repeatKey, { accepted, note });
    return accepted;
  });
  chunks.close();
  for (const [repeatKey, { accepted, note }] of fresh) {
    run(state.sql, 'INSERT INTO repeats VALUES (?, ?)', repeatKey, JSON.stringify({ ...accepted, note }));
  }
  return answers;
}

function insert(state: ShardState, { messages, acceptedAt, notBefore }: AcceptCall, chunks: SharedChunks): Accepted {
  // Clocks of two Workers differ; rows of a shard stand in order of time, because readers rely on it.
  state.lastAcceptedAt = Math.max(state.lastAcceptedAt, acceptedAt);
  const firstRow = state.lastRow + 1;
  insertRows(state, messages, state.lastAcceptedAt);
  state.advance({ releasedTo: state.lastRow });
  const toSend = messages.flatMap(([, , , , , blocked], at) => (blocked ? [] : [firstRow + at]));
  const accepted: Accepted = { firstRow, count: messages.length, chunks: [] };
  if (notBefore === null) chunks.add(accepted, toSend);
  else state.waits.schedule(toSend, notBefore);
  return accepted;
}

/** The chunk that calls still may join; a large call has its own, several if it must, so that several consumers share what came at once. */
class SharedChunks {
  readonly #state: ShardState;
  #owner: Accepted | null = null;
  #rows: number[] = [];

  constructor(state: ShardState) {
    this.#state = state;
  }

  add(call: Accepted, rowNumbers: readonly number[]): void {
    if (this.#rows.length + rowNumbers.length > CHUNK_MESSAGES) this.close();
    for (const row of rowNumbers) {
      if (this.#rows.length === CHUNK_MESSAGES) this.close();
      this.#owner ??= call;
      this.#rows.push(row);
    }
  }

  close(): void {
    const [first] = this.#rows;
    if (this.#owner === null || first === undefined) return;
    const count = this.#rows.length;
    const isRun = this.#rows.at(-1) === first + count - 1;
    const recheckMs = this.#state.settings?.traffic === 'transactional' ? OUTBOX_RECHECK_MS : LEASE_MS;
    const chunk = addChunk(this.#state, { first, list: isRun ? null : this.#rows }, 0, count, Date.now() + recheckMs, null);
    this.#owner.chunks.push(chunk);
    this.#owner = null;
    this.#rows = [];
  }
}
