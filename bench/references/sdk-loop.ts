/** What sending costs without a platform: a bare loop of SDK sends from plain Node, as many at once as one Worker invocation may have. */
import { Vonage } from '@vonage/server-sdk';
import { CARRIER_TIMEOUT_MS, CONNECTIONS_PER_INVOCATION } from '../../schema/limits';
import { DEMO_CARRIER } from '../../workers/tenancy/demo-data';
import { percentile } from '../figure';

export interface LoopResult {
  readonly sent: number;
  readonly perSecond: number;
  /** Of one send, milliseconds. */
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** Sends `messages` messages, or as many as fit into `limitMs`; `textOf` makes what the platform would send. */
export async function sendInLoop(
  restHost: string,
  messages: number,
  limitMs: number,
  orderOf: (index: number) => { readonly to: string; readonly text: string },
): Promise<LoopResult> {
  const { apiKey, apiSecret } = DEMO_CARRIER;
  const vonage = new Vonage({ apiKey, apiSecret }, { restHost, timeout: CARRIER_TIMEOUT_MS });
  const latencies: number[] = [];
  const startedAt = performance.now();
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < messages && performance.now() - startedAt < limitMs) {
      const index = next++;
      const sentAt = performance.now();
      await vonage.sms.send({ ...orderOf(index), from: 'JINMU', clientRef: `bare-${index}` });
      latencies.push(performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS_PER_INVOCATION }, lane));
  const seconds = (performance.now() - startedAt) / 1_000;
  return {
    sent: latencies.length,
    perSecond: latencies.length / seconds,
    p50Ms: percentile(latencies, 0.5),
    p95Ms: percentile(latencies, 0.95),
  };
}
