/**
 * What receipts make of a row. Pure. They come before the answer, twice, out of order, late, and one for each part; the result is the
 * same in whatever order they come, save that a final state which is not correctable stays.
 */
import type { RowReceipt } from '../../schema/protocol/message-shard';
import { CORRECTABLE_MESSAGE_STATES, FINAL_MESSAGE_STATES, type MessageState } from '../../schema/states';
import { receiptErrorOf, receiptState, type ReceiptState } from '../../workers/rules/vonage-status';
import type { MessageRecord } from './message-records';
import { isPartial, isUnanswered } from './result-rules';

type PartState = Exclude<ReceiptState, null>;

/** What the carrier last said of one part. */
export interface PartReceipt {
  readonly carrierId: string;
  readonly state: PartState;
  readonly error: string | null;
  readonly network: string | null;
  readonly at: number;
}

export interface Merged {
  readonly record: MessageRecord;
  /** Every part heard of; empty for messages of one part. */
  readonly parts: ReadonlyMap<string, PartReceipt>;
  /** Receipts that changed nothing: repeats, stragglers, news of the way. */
  readonly ignored: number;
}

const isFinal = (state: MessageState): boolean => FINAL_MESSAGE_STATES.some((final) => final === state);
const isCorrectable = (state: MessageState): boolean => CORRECTABLE_MESSAGE_STATES.some((correctable) => correctable === state);

/** No receipt can change it any more. */
export const isSettled = ({ state }: MessageRecord): boolean => isFinal(state) && !isCorrectable(state);

/** `unknown` gives way to anything that is known, `expired` to what really happened, all else to nothing. */
function corrects(old: MessageState, news: PartState): boolean {
  if (!isFinal(old)) return true;
  if (old === 'unknown') return news !== 'unknown';
  return old === 'expired' && news !== 'unknown' && news !== 'expired';
}

/** Parts that must be heard of: the carrier's count once it answered, ours before. */
const partsOf = ({ carrierIds, parts }: MessageRecord): number => (carrierIds.length > 0 ? carrierIds.length : parts);

export function mergeReceipts(old: MessageRecord, known: ReadonlyMap<string, PartReceipt>, receipts: readonly RowReceipt[]): Merged {
  let record = old;
  const parts = new Map(known);
  let ignored = 0;
  for (const receipt of receipts) {
    const next = withReceipt(record, parts, receipt);
    if (next === null) ignored += 1;
    else record = next;
  }
  return { record, parts, ignored };
}

/** The answer has come and with it how many parts there are: perhaps their receipts were all here before it. */
export const mergeEarly = (old: MessageRecord, parts: ReadonlyMap<string, PartReceipt>): MessageRecord =>
  parts.size === 0 ? old : withParts(old, parts);

function withReceipt(record: MessageRecord, parts: Map<string, PartReceipt>, receipt: RowReceipt): MessageRecord | null {
  if (isSettled(record)) return null;
  const state = receiptState(receipt.status);
  if (state === null) return onItsWay(record, receipt);
  const error = state === 'delivered' ? null : receiptErrorOf(receipt.errorCode).error;
  const news: PartReceipt = { carrierId: receipt.carrierId, state, error, network: receipt.network, at: receipt.receivedAt };
  if (partsOf(record) === 1) return corrects(record.state, state) ? finished(record, news) : null;
  const before = parts.get(news.carrierId);
  if (before && !corrects(before.state, state)) return null;
  parts.set(news.carrierId, news);
  return withParts(record, parts);
}

/** The carrier has it: enough to stop waiting for a lost answer, or for another try. */
function onItsWay(record: MessageRecord, { carrierId, network, receivedAt }: RowReceipt): MessageRecord | null {
  if (record.state !== 'accepted' && !isUnanswered(record)) return null;
  const carrierIds = partsOf(record) === 1 ? [carrierId] : record.carrierIds;
  return {
    ...record,
    state: 'submitted',
    error: null,
    network: record.network ?? network,
    submittedAt: record.submittedAt ?? receivedAt,
    carrierIds,
  };
}

function finished(record: MessageRecord, { carrierId, state, error, network, at }: PartReceipt): MessageRecord {
  const carrierIds = record.carrierIds.length > 0 ? record.carrierIds : [carrierId];
  const outcome = isPartial(record) ? { state: 'failed' as const, error: record.error } : { state, error };
  return { ...record, ...outcome, network: network ?? record.network, finalAt: at, carrierIds };
}

function withParts(record: MessageRecord, parts: ReadonlyMap<string, PartReceipt>): MessageRecord {
  const heard = [...parts.values()];
  const state = whole(
    heard.map((part) => part.state),
    partsOf(record),
  );
  if (state === null) {
    return isUnanswered(record) ? { ...record, error: null } : record;
  }
  if (!corrects(record.state, state)) return record;
  const telling = heard.find((part) => part.state === state) ?? heard.find((part) => part.state !== 'delivered') ?? heard[0];
  const outcome = isPartial(record) ? { state: 'failed' as const, error: record.error } : { state, error: telling?.error ?? null };
  const finalAt = Math.max(...heard.map(({ at }) => at));
  const carrierIds = record.carrierIds.length > 0 ? record.carrierIds : [...parts.keys()];
  return { ...record, ...outcome, network: telling?.network ?? record.network, finalAt, carrierIds };
}

/** State of a message by those of its parts; null while parts are still awaited. A failed part decides at once. */
function whole(states: readonly PartState[], expected: number): PartState | null {
  if (states.includes('failed')) return 'failed';
  if (states.length < expected) return null;
  const [first] = states;
  if (first !== undefined && states.every((state) => state === first)) return first;
  if (states.includes('rejected')) return 'failed';
  return states.includes('expired') ? 'expired' : 'unknown';
}
