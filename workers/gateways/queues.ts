/** Sending to queues, counted, in batches that Cloudflare takes (≤ 100 messages, ≤ 256 KB; bodies here are tens of bytes). */
import type { Env } from '../../schema/env';
import type { BlacklistImportJob, CheckJob, ExportJob, ReceiptJob, SendJob } from '../../schema/jobs';
import { QUEUE_NAMES, type QueueDepth, type QueueName } from '../../schema/operators';
import type { TrafficKind } from '../../schema/states';
import { count } from './meter';

const BATCH = 100;

async function sendAll<Body>(queue: Queue<Body>, bodies: readonly Body[], delaySeconds?: number): Promise<void> {
  count('queueWrites', bodies.length);
  const [only] = bodies;
  if (bodies.length === 1 && only !== undefined) {
    await queue.send(only, delaySeconds === undefined ? {} : { delaySeconds });
    return;
  }
  for (let at = 0; at < bodies.length; at += BATCH) {
    await queue.sendBatch(
      bodies.slice(at, at + BATCH).map((body) => ({ body })),
      delaySeconds === undefined ? {} : { delaySeconds },
    );
  }
}

export interface Queues {
  send(traffic: TrafficKind, jobs: readonly SendJob[]): Promise<void>;
  /** @param delaySeconds 0 … 43 200 */
  receipts(jobs: readonly ReceiptJob[], delaySeconds?: number): Promise<void>;
  checks(jobs: readonly (CheckJob | BlacklistImportJob)[]): Promise<void>;
  exports(jobs: readonly ExportJob[]): Promise<void>;
  /** What lies in each queue, as the platform under us counts it: roughly, and null where it does not say. */
  depths(): Promise<readonly QueueDepth[]>;
}

const QUEUES = {
  transactional: 'SEND_TRANSACTIONAL',
  marketing: 'SEND_MARKETING',
  receipts: 'RECEIPTS',
  checks: 'CHECKS',
  exports: 'EXPORTS',
} as const satisfies Record<QueueName, keyof Env>;

async function depthOf(env: Env, name: QueueName): Promise<QueueDepth> {
  try {
    const { backlogCount, oldestMessageTimestamp } = await env[QUEUES[name]].metrics();
    return { name, messages: backlogCount, oldestAt: backlogCount > 0 ? (oldestMessageTimestamp?.getTime() ?? null) : null };
  } catch {
    // A page about trouble must show what there is to show.
    return { name, messages: null, oldestAt: null };
  }
}

export const makeQueues = (env: Env): Queues => ({
  send: (traffic, jobs) => sendAll(traffic === 'transactional' ? env.SEND_TRANSACTIONAL : env.SEND_MARKETING, jobs),
  receipts: (jobs, delaySeconds) => sendAll(env.RECEIPTS, jobs, delaySeconds),
  checks: (jobs) => sendAll(env.CHECKS, jobs),
  exports: (jobs) => sendAll(env.EXPORTS, jobs),
  depths: () => Promise.all(QUEUE_NAMES.map((name) => depthOf(env, name))),
});
