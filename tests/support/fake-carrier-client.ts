/** Drives a running carrier simulator over HTTP; works in Node and inside workerd. */
import type { InboundOrder, InboundPart } from '../../workers/simulator/inbound';
import type { Knobs, KnobsInput } from '../../workers/simulator/knobs';
import type { ReceiptOrder } from '../../workers/simulator/single-receipt';
import type { RecentMessage } from '../../workers/simulator/recent-messages';
import type { Statistics } from '../../workers/simulator/statistics';
import type { WebhookResult } from '../../workers/simulator/webhook';

export interface FakeCarrierClient {
  /** What VONAGE_REST_HOST is set to. */
  readonly url: string;
  /** Changes the knobs that are named, keeps the others. @throws when the simulator refuses them */
  control(knobs: Partial<KnobsInput>): Promise<Knobs>;
  stats(): Promise<Statistics>;
  /** Default knobs (the receipt and inbound URLs too), empty counters, no receipts owed. */
  reset(): Promise<void>;
  /** The latest accepted messages, newest first. */
  messages(wanted?: { from?: string; to?: string; clientRef?: string; limit?: number }): Promise<RecentMessage[]>;
  /** A message from a handset; resolves when our webhook has answered to every part. */
  inbound(order: Partial<InboundOrder> & Pick<InboundOrder, 'from' | 'to' | 'text'>): Promise<InboundPart[]>;
  /** One receipt by hand; resolves with what our webhook answered. */
  receipt(order: Partial<ReceiptOrder>): Promise<WebhookResult & { messageId: string }>;
  /** Resolves when no receipt is owed any more. @throws after `timeoutMs` */
  receiptsSettled(timeoutMs?: number): Promise<Statistics>;
}

const RECHECK_MS = 50;
const sleep = (durationMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, durationMs));

export function connectFakeCarrier(url: string): FakeCarrierClient {
  const call = async <Answer>(path: string, method = 'GET', body?: object): Promise<Answer> => {
    const response = await fetch(url + path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    if (!response.ok) throw new Error(`${method} ${path} of the fake carrier: ${response.status} ${await response.text()}`);
    return (await response.json()) as Answer;
  };
  const stats = (): Promise<Statistics> => call('/stats');
  return {
    url,
    control: (knobs) => call('/control', 'PATCH', knobs),
    stats,
    reset: async () => {
      await call('/control/reset', 'POST');
    },
    messages: async (wanted = {}) => {
      const query = new URLSearchParams(Object.entries(wanted).map(([name, value]) => [name, String(value)]));
      return (await call<{ messages: RecentMessage[] }>(`/messages?${query.toString()}`)).messages;
    },
    inbound: async (order) => (await call<{ parts: InboundPart[] }>('/control/inbound', 'POST', order)).parts,
    receipt: (order) => call('/control/receipt', 'POST', order),
    receiptsSettled: async (timeoutMs = 15_000) => {
      const givenUpAt = Date.now() + timeoutMs;
      for (;;) {
        const seen = await stats();
        if (seen.receipts.pending === 0) return seen;
        if (Date.now() > givenUpAt) throw new Error(`${seen.receipts.pending} receipts are still owed after ${timeoutMs} ms`);
        await sleep(RECHECK_MS);
      }
    },
  };
}
