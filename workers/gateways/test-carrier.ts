/**
 * Where messages of test keys go: nowhere. Magic numbers have the outcome that the carrier simulator gives them (its table is shared), all
 * others are delivered; receipts come through the same queue as a carrier's. Nothing leaves the platform, whatever account the key names.
 */
import type { ReceiptJob } from '../../schema/jobs';
import type { OutgoingMessage, SendOutcome } from '../../schema/protocol/message-shard';
import type { TextType } from '../../schema/states';
import { measureText } from '../rules/sms-parts';
import { sendStatusOf } from '../rules/vonage-status';
import { magicOutcome, MAGIC_PREFIX, type Fault, type MagicOutcome, type ReceiptPlan } from '../rules/magic-numbers';
import type { Gateways } from '.';
import type { Carrier } from './vonage';

const LATE_SECONDS = 30;
/** What a network code looks like for a number that has none. */
const NETWORK = '00000';
const DELIVERED = magicOutcome(`${MAGIC_PREFIX}0000`);

export function openTestCarrier({ queues }: Pick<Gateways, 'queues'>): Carrier {
  return {
    async send(message, textType) {
      const plan = magicOutcome(message.to) ?? DELIVERED;
      if (plan === null) throw new Error('the table of magic numbers has no plain outcome');
      const carrierIds = idsOf(message, textType);
      const outcome = outcomeOf(plan, carrierIds);
      await queueReceipts(queues, message, takenOf(outcome, plan, carrierIds), plan.receipt);
      return outcome;
    },
  };
}

function idsOf({ id, text }: OutgoingMessage, textType: TextType): string[] {
  const parts = Math.max(1, measureText(text, textType).parts);
  return Array.from({ length: parts }, (_, part) => `test-${id}-${part + 1}`);
}

/** Test messages are tried once: what the first try meets is what happens. */
function outcomeOf({ refuse, fault, onlyFirstTry }: MagicOutcome, carrierIds: readonly string[]): SendOutcome {
  if (onlyFirstTry) return { kind: 'submitted', carrierIds, network: NETWORK };
  if (refuse !== null) {
    const { error, retry } = sendStatusOf(refuse);
    return retry ? { kind: 'retry', error, delayMs: 0 } : { kind: 'rejected', error };
  }
  return fault === null ? { kind: 'submitted', carrierIds, network: NETWORK } : outcomeOfFault(fault, carrierIds);
}

function outcomeOfFault(fault: Fault, carrierIds: readonly string[]): SendOutcome {
  switch (fault) {
    case 'http_500':
    case 'http_502':
    case 'http_503':
      return { kind: 'retry', error: 'carrier_unavailable', delayMs: 0 };
    case 'mixed_parts':
      if (carrierIds.length === 1) return { kind: 'submitted', carrierIds, network: NETWORK };
      return { kind: 'partial', carrierIds: carrierIds.slice(0, -1), network: NETWORK, error: 'throttled' };
    case 'hang':
    case 'truncated_json':
    case 'html_page':
    case 'no_messages':
    case 'answer_lost':
    case 'answer_hangs':
      return { kind: 'unanswered' };
  }
}

/** Parts that a receipt will come for. */
function takenOf(outcome: SendOutcome, { fault }: MagicOutcome, carrierIds: readonly string[]): readonly string[] {
  if (outcome.kind === 'submitted' || outcome.kind === 'partial') return outcome.carrierIds;
  return outcome.kind === 'unanswered' && fault !== 'hang' ? carrierIds : [];
}

async function queueReceipts(
  queues: Gateways['queues'],
  { id }: OutgoingMessage,
  carrierIds: readonly string[],
  { status, errCode, late, twice, buffered, wrongSignature }: ReceiptPlan,
): Promise<void> {
  // A receipt whose signature is wrong is one that never comes.
  if (status === null || wrongSignature) return;
  const jobs = (word: string, errorCode: number): ReceiptJob[] =>
    carrierIds.map((carrierId) => ({ ref: id, carrierId, status: word, errorCode, network: NETWORK, price: null, receivedAt: Date.now() }));
  const final = jobs(status, errCode);
  const all = [
    ...(buffered === 'before' ? jobs('buffered', 0) : []),
    ...final,
    ...(twice ? final : []),
    ...(buffered === 'after' ? jobs('buffered', 0) : []),
  ];
  if (all.length > 0) await queues.receipts(all, late ? LATE_SECONDS : undefined);
}
