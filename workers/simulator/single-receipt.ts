/** One receipt by hand, for any client-ref: an unknown one, a stale one, a forged one. */
import { z } from 'zod';
import type { Carrier } from './carrier';
import { HttpLanes } from './http-lane';
import { networkOf } from './networks';
import { receiptParameters } from './receipt';
import { USUAL_ERROR_CODE, isErrorCode } from '../rules/vonage-words';
import { callWebhook } from './webhook';
import type { WebhookResult } from './webhook';

export const ReceiptOrder = z.strictObject({
  to: z
    .string()
    .regex(/^\d{7,15}$/, 'digits only, no +')
    .default('447700900000'),
  from: z.string().min(1).max(15).default('JMC'),
  clientRef: z.string().max(64).nullable().default(null),
  /** Left out: a new one. */
  messageId: z.string().min(1).max(64).optional(),
  status: z.enum(['accepted', 'buffered', 'delivered', 'expired', 'failed', 'rejected', 'unknown']).default('delivered'),
  errCode: z.number().int().refine(isErrorCode, "one of Vonage's err-codes").optional(),
  apiKey: z.string().optional(),
  wrongSignature: z.boolean().default(false),
});
export type ReceiptOrder = z.infer<typeof ReceiptOrder>;

/** @returns what our webhook said, without any repeats; null when there is no such account or no receiptUrl */
export async function sendSingleReceipt(
  order: ReceiptOrder,
  carrier: Carrier,
): Promise<(WebhookResult & { readonly messageId: string }) | null> {
  const { knobs } = carrier;
  const account = knobs.accounts.find(({ apiKey }) => order.apiKey === undefined || apiKey === order.apiKey);
  if (account === undefined || knobs.receiptUrl === null) return null;
  const { to, from, clientRef, status, wrongSignature } = order;
  const messageId = order.messageId ?? carrier.newMessageId();
  const message = {
    to,
    from,
    clientRef,
    network: networkOf(to),
    price: knobs.messagePrice.toFixed(8),
    account,
    receiptUrl: knobs.receiptUrl,
  };
  const parameters = receiptParameters({
    message,
    messageId,
    status,
    errCode: order.errCode ?? USUAL_ERROR_CODE[status],
    wrongSignature,
    failures: 0,
  });
  const lanes = new HttpLanes();
  const result = await callWebhook({ url: knobs.receiptUrl, parameters, account, wrongSignature }, knobs, lanes);
  lanes.close();
  return { messageId, ...result };
}
