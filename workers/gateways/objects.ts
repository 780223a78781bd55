/** Stubs of every Durable Object, by what they stand for. The only place that turns a name into an object. */
import type { Env } from '../../schema/env';
import type { CarrierAccountId, EndpointId, KeyId, ShardNumber, TaskId, TenantId } from '../../schema/ids';
import type { MainlandCapsApi } from '../../schema/protocol/mainland-caps';
import type { MessageShardApi } from '../../schema/protocol/message-shard';
import type { CarrierPacerApi, KeyGateApi, LoginGuardApi, TenantLedgerApi } from '../../schema/protocol/objects';
import type { TaskRunApi } from '../../schema/protocol/task-run';
import type { WebhookLaneApi } from '../../schema/protocol/webhook-lane';
import {
  accountGuardName,
  addressGuardName,
  keyGateName,
  ledgerName,
  mainlandCapsName,
  pacerName,
  shardName,
  taskRunName,
  webhookLaneName,
} from '../../schema/storage-keys';
import { count } from './meter';

export interface Objects {
  shard(n: ShardNumber): MessageShardApi;
  taskRun(task: TaskId): TaskRunApi;
  keyGate(key: KeyId): KeyGateApi;
  pacer(account: CarrierAccountId): CarrierPacerApi;
  ledger(tenant: TenantId): TenantLedgerApi;
  accountGuard(account: string): LoginGuardApi;
  addressGuard(address: string): LoginGuardApi;
  webhookLane(endpoint: EndpointId): WebhookLaneApi;
  mainlandCaps(tenant: TenantId): MainlandCapsApi;
}

/** Every property read on a stub is the start of one billed request. */
function counted<Api extends object>(namespace: DurableObjectNamespace, name: string): Api {
  const stub = namespace.getByName(name);
  return new Proxy(stub, {
    get(target, property) {
      count('objectRequests');
      // A stub is itself a proxy: each property is a callable that makes the request, and has no bind of its own to call.
      const method: unknown = Reflect.get(target, property);
      return typeof method === 'function' ? (...args: unknown[]): unknown => Reflect.apply(method, target, args) : method;
    },
  }) as unknown as Api;
}

export const makeObjects = (env: Env): Objects => ({
  shard: (n) => counted<MessageShardApi>(env.MESSAGE_SHARD, shardName(n)),
  taskRun: (task) => counted<TaskRunApi>(env.TASK_RUN, taskRunName(task)),
  keyGate: (key) => counted<KeyGateApi>(env.KEY_GATE, keyGateName(key)),
  pacer: (account) => counted<CarrierPacerApi>(env.CARRIER_PACER, pacerName(account)),
  ledger: (tenant) => counted<TenantLedgerApi>(env.TENANT_LEDGER, ledgerName(tenant)),
  accountGuard: (account) => counted<LoginGuardApi>(env.LOGIN_GUARD, accountGuardName(account)),
  addressGuard: (address) => counted<LoginGuardApi>(env.LOGIN_GUARD, addressGuardName(address)),
  webhookLane: (endpoint) => counted<WebhookLaneApi>(env.WEBHOOK_LANE, webhookLaneName(endpoint)),
  mainlandCaps: (tenant) => counted<MainlandCapsApi>(env.MAINLAND_CAPS, mainlandCapsName(tenant)),
});
