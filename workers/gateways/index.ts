/**
 * Everything a verb may touch outside its own process, made from `env` once an isolate. A verb names the slice it needs
 * (`Pick<Gateways, 'queues' | 'objects'>`). Stores of tenant data are reached only through `tenant(id)`.
 */
import type { Env } from '../../schema/env';
import type { TenantId } from '../../schema/ids';
import { openDatabase, type Database } from './database';
import { makeFiles, type Files } from './files';
import { makeObjects, type Objects } from './objects';
import { makeQueues, type Queues } from './queues';
import { tenantStores, type TenantStores } from './tenant';

export interface Gateways {
  readonly env: Env;
  readonly database: Database;
  readonly objects: Objects;
  readonly queues: Queues;
  readonly files: Files;
  tenant(id: TenantId): TenantStores;
}

/** Made once for each `env`: on the path of a receipt the making cost more than the work. */
const made = new WeakMap<Env, Gateways>();

export function makeGateways(env: Env): Gateways {
  const before = made.get(env);
  if (before) return before;
  const database = openDatabase(env);
  const gateways: Gateways = {
    env,
    database,
    objects: makeObjects(env),
    queues: makeQueues(env),
    files: makeFiles(env),
    tenant: (id) => tenantStores(database, id),
  };
  made.set(env, gateways);
  return gateways;
}
