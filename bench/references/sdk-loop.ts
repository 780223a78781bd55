/** What sending costs without a platform: a bare loop of SDK sends from plain Node, as many at once as one Worker invocation may have. */
import { Vonage } from '@vonage/server-sdk';
import { CARRIER_TIMEOUT_MS, CONNECTIONS_PER_INVOCATION } from '../../schema/limits';
import { DEMO_CARRIER } from '../../workers/tenancy/demo-data';
import { cpuTime } from '../process';

export interface BareOrder {
  readonly to: string;
  readonly text: string;
}

export interface LoopResult {
  readonly perSecond: number;
  /** Of this process, all sends together. */
  readonly cpuMs: number;
  /** One a send. */
  readonly latenciesMs: readonly number[];
}

/** Sends all orders, or as many as fit into `limitMs`. */
export async function sendInLoop(restHost: string, orders: readonly BareOrder[], limitMs: number): Promise<LoopResult> {
  const { apiKey, apiSecret } = DEMO_CARRIER;
  const vonage = new Vonage({ apiKey, apiSecret }, { restHost, timeout: CARRIER_TIMEOUT_MS });
  const latenciesMs: number[] = [];
  const startedAt = performance.now();
  const cpuBefore = await cpuTime(process.pid);
  const waiting = orders.entries();
  const lane = async (): Promise<void> => {
    for (const [index, order] of waiting) {
      const sentAt = performance.now();
      if (sentAt - startedAt > limitMs) return;
      await vonage.sms.send({ ...order, from: 'JINMU', clientRef: `bare-${index}` });
      latenciesMs.push(performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS_PER_INVOCATION }, lane));
  const perSecond = latenciesMs.length / ((performance.now() - startedAt) / 1_000);
  return { latenciesMs, perSecond, cpuMs: (await cpuTime(process.pid)) - cpuBefore };
}
