/** POST or GET /sms/json: takes a message as Vonage would, or goes wrong as it was told to. */
import { acceptOrder } from './accept-order';
import { answerText, htmlAnswer, jsonAnswer, lostAnswer, refusedElement, truncatedAnswer } from './answer';
import type { SendingAccount } from './accounts';
import type { Carrier } from './carrier';
import { checkOrder, recipientOf } from './check-order';
import type { Order } from './check-order';
import { drawFault, drawReceipt, drawRefusal } from './draw';
import { NOT_ACCEPTED, magicOutcome } from '../rules/magic-numbers';
import type { Fault, MagicOutcome, ReceiptPlan } from '../rules/magic-numbers';
import { parameter, readParameters } from './parameters';
import type { Parameters } from './parameters';
import { oweReceipts } from './owe-receipts';
import type { PumpHouse } from './receipt-queue';
import { WITHOUT_RECIPIENT, invalid, refusal, throttled } from '../rules/vonage-words';
import type { Refusal, RefusalStatus } from '../rules/vonage-words';

interface Plan {
  readonly fault: Fault | null;
  readonly refuse: RefusalStatus | null;
  readonly receipt: ReceiptPlan;
}

const sleep = (durationMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, durationMs));

export async function sendSms(request: Request, house: PumpHouse, carrier: Carrier): Promise<Response> {
  const { knobs, counters } = carrier;
  counters.countRequest(Date.now());
  const parameters = await readParameters(request);
  if (parameters === null) return refuse(carrier, invalid('Invalid JSON body'), null, null);
  const plan = planFor(parameters, carrier);
  const { fault } = plan;
  if (fault !== null && NOT_ACCEPTED.has(fault)) {
    counters.countFault(fault);
    await sleep(fault === 'hang' ? knobs.hangMs : knobs.answerDelayMs);
    return fault === 'hang' ? lostAnswer() : htmlAnswer(Number(fault.slice(-3)), 'The carrier is unwell, on purpose');
  }
  const taken = take(request, parameters, plan, carrier);
  if ('status' in taken) {
    if (knobs.answerDelayMs > 0) await sleep(knobs.answerDelayMs);
    const to = WITHOUT_RECIPIENT.has(taken.status) ? null : (recipientOf(parameters) ?? null);
    return refuse(carrier, taken, to, parameter(parameters, 'client-ref') ?? null);
  }
  const { order, sending } = taken;
  const mixed = fault === 'mixed_parts' && order.parts > 1;
  if (fault !== null && (mixed || fault !== 'mixed_parts')) counters.countFault(fault);
  const { text, messageIds } = acceptOrder(order, sending, mixed ? order.parts - 1 : order.parts, carrier);
  await oweReceipts({ order, messageIds, sending, plan: plan.receipt, carrier, house });
  if (knobs.answerDelayMs > 0) await sleep(knobs.answerDelayMs);
  if (fault === null || fault === 'mixed_parts') return jsonAnswer(text);
  return spoiltAnswer(fault, text, knobs.hangMs);
}

function planFor(parameters: Parameters, carrier: Carrier): Plan {
  const { knobs } = carrier;
  const magic = magicOutcome(recipientOf(parameters) ?? '');
  if (magic !== null) return planOfMagic(magic, parameters, carrier);
  return { fault: drawFault(knobs, Math.random), refuse: drawRefusal(knobs, Math.random), receipt: drawReceipt(knobs, Math.random) };
}

function planOfMagic(magic: MagicOutcome, parameters: Parameters, carrier: Carrier): Plan {
  const spared = magic.onlyFirstTry && !carrier.isFirstTry(recipientOf(parameters) ?? '', parameter(parameters, 'client-ref') ?? null);
  return spared ? { fault: null, refuse: null, receipt: magic.receipt } : magic;
}

/** Credentials first, as Vonage does; the throttle last, so that a wrong request costs nobody a token. */
function take(
  request: Request,
  parameters: Parameters,
  plan: Plan,
  { knobs, accounts, receipts }: Carrier,
): { order: Order; sending: SendingAccount } | Refusal {
  const sending = accounts.identify(request.headers.get('authorization'), parameters);
  if ('status' in sending) return sending;
  const order = checkOrder(parameters, knobs.refusedSenders);
  if ('status' in order) return order;
  if (plan.refuse !== null) return refusal(plan.refuse);
  const waitMs = sending.throttle(Date.now());
  if (waitMs > 0) return throttled(waitMs);
  // A carrier whose receipts pile up takes no more: it is what keeps this process from growing without end.
  if (receipts.pending >= knobs.maxPendingReceipts) return throttled(1_000);
  return sending.canPay(order.parts) ? { order, sending } : refusal(9);
}

function refuse({ counters }: Carrier, why: Refusal, to: string | null, clientRef: string | null): Response {
  counters.countStatus(why.status, 1);
  return jsonAnswer(answerText([refusedElement(why, to, clientRef)]));
}

async function spoiltAnswer(fault: Exclude<Fault, 'mixed_parts'>, text: string, hangMs: number): Promise<Response> {
  if (fault === 'truncated_json') return truncatedAnswer(text);
  if (fault === 'html_page') return htmlAnswer(200, 'Scheduled maintenance');
  if (fault === 'no_messages') return jsonAnswer('{"message-count":"0","messages":[]}');
  if (fault === 'answer_hangs') await sleep(hangMs);
  return lostAnswer();
}
