/**
 * Answers of the carrier, written into their rows: each row once, each chunk closed when its last answer is in. Answers may come twice, and a
 * row whose try failed is soon on its way again in another chunk: only the try that a row is at may answer it.
 */
import type { SendResult } from '../../schema/protocol/message-shard';
import { readRecords, through, writeRecords, type MessageRecord } from './message-records';
import { readParts } from './part-receipts';
import { mergeEarly } from './receipt-merge';
import { afterResult, isUnanswered } from './result-rules';
import type { ShardState } from './shard-state';
import type { Retry } from './waits';

/** @param chunk that handed these rows out */
export function settleResults(
  state: ShardState,
  chunk: number,
  results: readonly SendResult[],
  now: number,
  unansweredAfterMs: number,
): void {
  if (results.length === 0) return;
  const rowNumbers = results.map(({ row }) => row);
  const elsewhere = state.waits.awaitedElsewhere(rowNumbers, chunk);
  const before = recordsOf(state, rowNumbers);
  const attempts = state.waits.attempts(rowNumbers);
  const after = new Map<number, MessageRecord>();
  const retries: Retry[] = [];
  const awaited: number[] = [];
  const decided: number[] = [];
  for (const { row, outcome } of results) {
    const old = after.get(row) ?? before.get(row);
    if (!old) continue;
    const isPending = state.chunks.isPendingIn(row, chunk);
    // A row that waits for another try, or is at one: this result is a repeat.
    if (!isPending && (old.state === 'accepted' || state.chunks.isPending(row) || elsewhere.has(row))) continue;
    const sent = through(state, old, state.chunks.accountOf(row));
    if (isPending) state.chunks.answered(row);
    const effect = afterResult(sent, outcome, attempts.get(row) ?? 0, now);
    switch (effect.kind) {
      case 'keep':
        continue;
      case 'retry':
        if (isEnding(state)) after.set(row, { ...effect.record, state: 'cancelled', finalAt: now });
        else {
          after.set(row, effect.record);
          retries.push({ row, attempts: effect.attempts, dueAt: effect.dueAt, error: effect.error });
          continue;
        }
        break;
      case 'give_up':
        after.set(row, { ...effect.record, classId: state.classes.free(sent.classId).id });
        break;
      case 'await':
        awaited.push(row);
        after.set(row, effect.record);
        break;
      case 'write':
        after.set(row, effect.record);
        break;
    }
    decided.push(row);
  }
  addEarlyReceipts(state, after);
  writeRecords(state, before, after.values());
  state.waits.tryAgain(retries);
  state.waits.forgetRetries(decided);
  state.waits.awaitReceipts(awaited, now + unansweredAfterMs, chunk);
  state.waits.stopAwaiting([...after.values()].filter((record) => !isUnanswered(record)).map(({ row }) => row));
}

/** From memory for rows on their way, from the storage for the others. */
function recordsOf(state: ShardState, rowNumbers: readonly number[]): ReadonlyMap<number, MessageRecord> {
  const known = new Map<number, MessageRecord>();
  const unknown: number[] = [];
  for (const row of rowNumbers) {
    const record = state.chunks.recordOf(row);
    if (record) known.set(row, record);
    else unknown.push(row);
  }
  if (unknown.length > 0) for (const [row, record] of readRecords(state, unknown)) known.set(row, record);
  return known;
}

const isEnding = ({ progress }: ShardState): boolean => progress.phase === 'stopping' || progress.phase === 'stopped';

/** Receipts of several parts that came before the answer are complete only now that the parts are counted. */
function addEarlyReceipts(state: ShardState, after: Map<number, MessageRecord>): void {
  const several = [...after.values()].filter(
    (record) => record.state === 'submitted' && Math.max(record.parts, record.carrierIds.length) > 1,
  );
  const parts = readParts(
    state,
    several.map(({ row }) => row),
  );
  for (const record of several) {
    const early = parts.get(record.row);
    if (early) after.set(record.row, mergeEarly(record, early));
  }
}
