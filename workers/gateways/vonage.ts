/** Sending through Vonage's SMS API with its own SDK. Every answer, and every absence of one, becomes a SendOutcome. */
import { Vonage } from '@vonage/server-sdk';
import { CARRIER_TIMEOUT_MS } from '../../schema/limits';
import type { OutgoingMessage, SendOutcome } from '../../schema/protocol/message-shard';
import type { TextType } from '../../schema/states';
import { measureText } from '../rules/sms-parts';
import type { CarrierAccount } from './stores/carrier-accounts';
import { outcomeOfAnswer, outcomeOfHttpStatus } from './vonage-answer';

type SmsParameters = NonNullable<Parameters<Vonage['sms']['send']>[0]>;

export interface Carrier {
  /** Never throws: what cannot be told is `unanswered`. */
  send(message: OutgoingMessage, textType: TextType): Promise<SendOutcome>;
}

/** Clients hold no state between calls; one an account spares their construction. */
const clients = new Map<string, Vonage>();
function clientOf({ apiKey, apiSecret, restHost }: CarrierAccount): Vonage {
  const name = JSON.stringify([apiKey, apiSecret, restHost]);
  let client = clients.get(name);
  if (!client) {
    client = new Vonage({ apiKey, apiSecret }, { restHost, timeout: CARRIER_TIMEOUT_MS });
    Object.assign(client.sms, { parseResponse: parsedAnswer });
    clients.set(name, client);
  }
  return client;
}

/**
 * In place of the SDK's own reading of an answer, which copies every character of every header onto the response: a third of the time of a
 * send (3.30.1). What it cannot tell stays out: the caller takes a refusal as the thrown `response`, and no `messages` as no answer.
 */
async function parsedAnswer(_request: unknown, response: Response): Promise<{ readonly data: unknown }> {
  if (!response.ok) throw Object.assign(new Error('the carrier refused'), { response });
  const text = await response.text();
  try {
    return { data: JSON.parse(text) as unknown };
  } catch {
    return { data: null };
  }
}

/** @param callback where the carrier sends receipts, whatever its account says */
export function openCarrier(account: CarrierAccount, callback: string): Carrier {
  const { sms } = clientOf(account);
  return {
    async send({ id, to, from, text, ttlMs }, textType) {
      const type = textType === 'unicode' || (textType === 'auto' && measureText(text, 'auto').encoding === 'UCS-2') ? 'unicode' : 'text';
      try {
        const wanted = {
          to,
          from,
          text,
          type: type as SmsParameters['type'],
          clientRef: id,
          callback,
          ...(ttlMs !== undefined && { ttl: ttlMs }),
        };
        const answer = await sms.send(wanted);
        return outcomeOfAnswer((answer as { messages?: unknown } | undefined)?.messages);
      } catch (thrown) {
        return outcomeOfFailure(thrown);
      }
    },
  };
}

/** The SDK throws for refusals with the answer in `response.messages`, and for HTTP errors with the Response itself. */
function outcomeOfFailure(thrown: unknown): SendOutcome {
  const response = (thrown as { response?: unknown } | null)?.response;
  if (response instanceof Response) return response.ok ? { kind: 'unanswered' } : outcomeOfHttpStatus(response.status);
  if (typeof response === 'object' && response !== null && 'messages' in response) return outcomeOfAnswer(response.messages);
  // No connection was ever made: the one failure of the network after which nothing can have been taken.
  if (thrown instanceof Error && /connection refused|ECONNREFUSED/i.test(thrown.message))
    return { kind: 'retry', error: 'carrier_unavailable', delayMs: 0 };
  return { kind: 'unanswered' };
}
