/** Queue batches by queue, cron repairs by name. A job that throws is retried by its queue; after the last try it is a dead letter. */
import type { Env } from '../../schema/env';
import { makeGateways } from '../gateways';
import { count } from '../gateways/meter';
import { consumeChecks } from './checks';
import { consumeDeadLetters } from './dead-letters';
import { consumeExports } from './exports';
import { consumeReceipts } from './receipts';
import { runRepairs } from './repairs';
import { consumeSends } from './sends';

type Consume = (batch: MessageBatch<unknown>, gateways: ReturnType<typeof makeGateways>) => Promise<void>;

const CONSUMERS: Readonly<Record<string, Consume>> = {
  'jmc-send-transactional': consumeSends,
  'jmc-send-marketing': consumeSends,
  'jmc-receipts': consumeReceipts,
  'jmc-checks': consumeChecks,
  'jmc-exports': consumeExports,
  'jmc-dead-letters': consumeDeadLetters,
};

/** Queues of a deployed environment carry its name: `jmc-checks-staging`. */
const consumerOf = (queue: string): Consume | undefined => CONSUMERS[queue.replace(/-(staging|production)$/, '')];

export async function consumeBatch(batch: MessageBatch<unknown>, env: Env): Promise<void> {
  const consume = consumerOf(batch.queue);
  if (!consume) throw new Error(`no consumer for queue ${batch.queue}`);
  count('queueReads', batch.messages.length);
  await consume(batch, makeGateways(env));
}

export async function runSchedule(env: Env, now: number): Promise<void> {
  await runRepairs(makeGateways(env), now);
}
