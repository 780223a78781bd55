/** Sending to queues, counted, in batches that Cloudflare takes (≤ 100 messages, ≤ 256 KB; bodies here are tens of bytes). */
import type { Env } from '../../schema/env';
import type { BlacklistImportJob, CheckJob, ExportJob, ReceiptJob, SendJob } from '../../schema/jobs';
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
}

export const makeQueues = (env: Env): Queues => ({
  send: (traffic, jobs) => sendAll(traffic === 'transactional' ? env.SEND_TRANSACTIONAL : env.SEND_MARKETING, jobs),
  receipts: (jobs, delaySeconds) => sendAll(env.RECEIPTS, jobs, delaySeconds),
  checks: (jobs) => sendAll(env.CHECKS, jobs),
  exports: (jobs) => sendAll(env.EXPORTS, jobs),
});
