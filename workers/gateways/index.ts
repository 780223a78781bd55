/**
 * Everything a verb may touch outside its own process, made from `env` once a request. A verb names the slice it needs
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

export function makeGateways(env: Env): Gateways {
  const database = openDatabase(env);
  return {
    env,
    database,
    objects: makeObjects(env),
    queues: makeQueues(env),
    files: makeFiles(env),
    tenant: (id) => tenantStores(database, id),
  };
}
