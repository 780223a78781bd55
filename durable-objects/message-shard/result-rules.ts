/** What the answer to a send makes of a row. Pure. */
import { CARRIER_TIMEOUT_MS, SEND_ATTEMPTS } from '../../schema/limits';
import type { SendOutcome } from '../../schema/protocol/message-shard';
import { backOffMs, type BackOff } from '../../workers/rules/back-off';
import type { MessageRecord } from './message-records';

/** Mark of a submitted row whose answer was lost: it becomes `unknown` soon, unless a receipt or the late answer comes. */
export const ANSWER_LOST = 'answer_lost';
const RETRY_PAUSES: BackOff = { baseMs: 1_000, capMs: 4 * CARRIER_TIMEOUT_MS, jitter: 0.5 };

export const isUnanswered = ({ state, error }: MessageRecord): boolean => state === 'submitted' && error === ANSWER_LOST;
/** Some parts were refused: whatever the receipts of the others say, the message as a whole failed. */
export const isPartial = ({ state, error }: MessageRecord): boolean => state === 'submitted' && error !== null && error !== ANSWER_LOST;

export type ResultEffect =
  | { readonly kind: 'keep' }
  | { readonly kind: 'write'; readonly record: MessageRecord }
  /** As `write`; a receipt must come soon. */
  | { readonly kind: 'await'; readonly record: MessageRecord }
  /** As `write`; the row costs nothing from now on. */
  | { readonly kind: 'give_up'; readonly record: MessageRecord }
  | { readonly kind: 'retry'; readonly record: MessageRecord; readonly attempts: number; readonly dueAt: number; readonly error: string };

const KEEP: ResultEffect = { kind: 'keep' };

/** @param attempts tries of this row that failed before this one */
export function afterResult(old: MessageRecord, outcome: SendOutcome, attempts: number, now: number, random = Math.random): ResultEffect {
  if (old.state === 'accepted' || isUnanswered(old)) return decide(old, outcome, attempts, now, random);
  // A receipt was faster than the answer: the state stands, the answer adds what it knows.
  if ((outcome.kind === 'submitted' || outcome.kind === 'partial') && old.carrierIds.length < outcome.carrierIds.length) {
    const { carrierIds, network } = outcome;
    return { kind: 'write', record: { ...old, submittedAt: old.submittedAt ?? now, carrierIds, network: old.network ?? network } };
  }
  return KEEP;
}

function decide(old: MessageRecord, outcome: SendOutcome, attempts: number, now: number, random: () => number): ResultEffect {
  const submittedAt = old.submittedAt ?? now;
  switch (outcome.kind) {
    case 'submitted':
    case 'partial': {
      const { carrierIds, network } = outcome;
      const error = outcome.kind === 'partial' ? outcome.error : null;
      return { kind: 'write', record: { ...old, state: 'submitted', error, network, submittedAt, carrierIds } };
    }
    case 'rejected':
      return { kind: 'write', record: { ...old, state: 'rejected', error: outcome.error, submittedAt: null, finalAt: now } };
    case 'unanswered':
      if (isUnanswered(old)) return KEEP;
      return { kind: 'await', record: { ...old, state: 'submitted', error: ANSWER_LOST, submittedAt } };
    case 'retry': {
      const tries = attempts + 1;
      const { error } = outcome;
      // Every try was refused, none reached the carrier: the row fails and is free.
      if (tries >= SEND_ATTEMPTS) return { kind: 'give_up', record: { ...old, state: 'failed', error, submittedAt: null, finalAt: now } };
      const dueAt = now + Math.max(outcome.delayMs, backOffMs(tries, RETRY_PAUSES, random));
      const record: MessageRecord = old.state === 'accepted' ? old : { ...old, state: 'accepted', error: null, submittedAt: null };
      return { kind: 'retry', record, attempts: tries, dueAt, error };
    }
  }
}
