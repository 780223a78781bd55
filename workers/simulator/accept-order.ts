/** Takes a message: gives its parts their ids, charges for them, counts it. */
import { acceptedElement, answerText, refusedElement } from './answer';
import type { SendingAccount } from './accounts';
import type { Carrier } from './carrier';
import type { Order } from './check-order';
import { networkOf } from './networks';
import { throttled } from '../rules/vonage-words';

export interface Acceptance {
  /** Vonage's answer. */
  readonly text: string;
  /** One a part that was taken. */
  readonly messageIds: readonly string[];
}

/** @param sentParts one fewer than the order has: its last part is throttled */
export function acceptOrder(order: Order, sending: SendingAccount, sentParts: number, carrier: Carrier): Acceptance {
  const { counters } = carrier;
  const network = networkOf(order.to);
  const messageIds: string[] = [];
  const elements: string[] = [];
  for (let part = 0; part < sentParts; part++) {
    const messageId = carrier.newMessageId();
    messageIds.push(messageId);
    elements.push(acceptedElement(order, { messageId, balance: sending.payPart() }, sending.price, network));
  }
  if (sentParts < order.parts) {
    elements.push(refusedElement(throttled(1_000), order.to, order.clientRef));
    counters.countStatus(1, 1);
  }
  counters.accepted++;
  counters.parts += sentParts;
  counters.countStatus(0, sentParts);
  if (order.clientRef !== null) counters.clientRefs.add(order.clientRef);
  carrier.recent.add(order, messageIds, Date.now());
  return { text: answerText(elements), messageIds };
}
