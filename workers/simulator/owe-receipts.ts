/** Turns the plan for a message into the receipts that are owed for its parts, each with its time. */
import type { SendingAccount } from './accounts';
import type { Carrier } from './carrier';
import type { Order } from './check-order';
import { HttpLanes } from './http-lane';
import type { ReceiptPlan } from '../rules/magic-numbers';
import { networkOf } from './networks';
import type { AcceptedMessage, OwedReceipt } from './receipt';
import type { PumpHouse } from './receipt-queue';
import type { ReceiptStatus } from '../rules/vonage-words';

/** Between the receipts of one message that come in an order, or twice. */
const APART_MS = 100;

export interface Owing {
  readonly order: Order;
  readonly messageIds: readonly string[];
  readonly sending: SendingAccount;
  readonly plan: ReceiptPlan;
  readonly carrier: Carrier;
  readonly house: PumpHouse;
}

/** Resolves at once, unless the plan wants the receipts to arrive before the answer. */
export async function oweReceipts({ order, messageIds, sending, plan, carrier, house }: Owing): Promise<void> {
  const { knobs, receipts } = carrier;
  const receiptUrl = order.callback ?? knobs.receiptUrl;
  const { status } = plan;
  if (status === null || receiptUrl === null || !order.wantsReceipt) return;
  const { to, from, clientRef } = order;
  const message: AcceptedMessage = {
    to,
    from,
    clientRef,
    network: networkOf(to),
    price: sending.price,
    account: sending.account,
    receiptUrl,
  };
  const owed = (messageId: string, what: ReceiptStatus): OwedReceipt => ({
    message,
    messageId,
    status: what,
    errCode: what === 'buffered' ? 0 : plan.errCode,
    wrongSignature: plan.wrongSignature,
    failures: 0,
  });
  const soonest = Date.now() + knobs.answerDelayMs + knobs.receiptDelayMs + (plan.late ? knobs.lateReceiptMs : 0);
  for (const id of messageIds) {
    const firstAt = soonest + Math.random() * knobs.receiptSpreadMs;
    const finalAt = plan.buffered === 'before' ? firstAt + APART_MS : firstAt;
    if (!plan.beforeAnswer) receipts.add(owed(id, status), finalAt);
    if (plan.twice) receipts.add(owed(id, status), finalAt + APART_MS);
    if (plan.buffered !== 'never') receipts.add(owed(id, 'buffered'), plan.buffered === 'before' ? firstAt : finalAt + APART_MS);
  }
  receipts.keepMoving(house);
  if (plan.beforeAnswer) {
    const lanes = new HttpLanes();
    await Promise.all(messageIds.map((id) => receipts.send(owed(id, status), lanes)));
    lanes.close();
  }
}
