/** A message from a handset to one of our numbers, as Vonage hands it over: a long one comes in parts, each a webhook of its own. */
import { z } from 'zod';
import { measureText, splitText } from '../rules/sms-parts';
import type { Carrier } from './carrier';
import { HttpLanes } from './http-lane';
import { callWebhook } from './webhook';
import type { WebhookResult } from './webhook';

const digits = z.string().regex(/^\d{3,15}$/, 'digits only, no +');
export const InboundOrder = z.strictObject({
  /** The handset. */
  from: digits,
  /** Our number. */
  to: digits,
  text: z.string().min(1).max(3_200),
  apiKey: z.string().optional(),
  /** Parts arrive last first. */
  reversed: z.boolean().default(false),
  wrongSignature: z.boolean().default(false),
});
export type InboundOrder = z.infer<typeof InboundOrder>;

export interface InboundPart extends WebhookResult {
  readonly messageId: string;
}

/** @returns what our webhook said to each part, in the order in which they were sent; null when there is no such account or no inboundUrl */
export async function sendInbound(order: InboundOrder, carrier: Carrier): Promise<readonly InboundPart[] | null> {
  const { knobs, counters } = carrier;
  const account = knobs.accounts.find(({ apiKey }) => order.apiKey === undefined || apiKey === order.apiKey);
  if (account === undefined || knobs.inboundUrl === null) return null;
  const url = knobs.inboundUrl;
  const answers: InboundPart[] = [];
  const lanes = new HttpLanes();
  for (const { messageId, parameters } of inboundParts(order, account.apiKey, carrier)) {
    const result = await callWebhook({ url, parameters, account, wrongSignature: order.wrongSignature }, knobs, lanes);
    if (result.outcome === 'taken') counters.inboundSent++;
    else counters.inboundFailed++;
    answers.push({ messageId, ...result });
  }
  lanes.close();
  return answers;
}

function inboundParts(
  { from, to, text, reversed }: InboundOrder,
  apiKey: string,
  carrier: Carrier,
): { messageId: string; parameters: Record<string, string> }[] {
  const { encoding } = measureText(text, 'auto');
  const pieces = splitText(text, 'auto');
  const reference = Math.floor(Math.random() * 256);
  const keyword = text.trim().split(/\s+/, 1)[0] ?? '';
  const parts = pieces.map((piece, at) => {
    const messageId = carrier.newMessageId();
    const parameters: Record<string, string> = {
      'api-key': apiKey,
      msisdn: from,
      to,
      messageId,
      text: piece,
      type: encoding === 'GSM-7' ? 'text' : 'unicode',
      keyword: keyword.toUpperCase(),
    };
    if (pieces.length > 1) {
      parameters.concat = 'true';
      parameters['concat-ref'] = String(reference);
      parameters['concat-total'] = String(pieces.length);
      parameters['concat-part'] = String(at + 1);
    }
    return { messageId, parameters };
  });
  return reversed ? parts.toReversed() : parts;
}
