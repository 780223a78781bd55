/** The Worker: HTTP, queues, cron and the Durable Object classes. Everything is one import away from here. */
import type { Env } from '../schema/env';
import { answerRequest } from './http/entry';
import { consumeBatch, runSchedule } from './jobs/dispatch';

export { CarrierPacer } from '../durable-objects/carrier-pacer';
export { KeyGate } from '../durable-objects/key-gate';
export { LoginGuard } from '../durable-objects/login-guard';
export { MainlandCaps } from '../durable-objects/mainland-caps';
export { MessageShard } from '../durable-objects/message-shard';
export { TaskRun } from '../durable-objects/task-run';
export { TenantLedger } from '../durable-objects/tenant-ledger';
export { WebhookLane } from '../durable-objects/webhook-lane';

export default {
  fetch: (request, env, execution) => answerRequest(request, env, execution),
  queue: (batch, env) => consumeBatch(batch, env),
  scheduled: (controller, env) => runSchedule(env, controller.scheduledTime),
} satisfies ExportedHandler<Env>;
