/**
 * Everything a verb may touch outside its own process, made from `env` once a request. A verb names the slice it needs
 * (`Pick<Gateways, 'queues' | 'objects'>`). Stores of tenant data are reached only through `tenant(id)`.
 */
import type { Env } from '../../schema/env';
import { openDatabase, type Database } from './database';
import { makeObjects, type Objects } from './objects';
import { makeQueues, type Queues } from './queues';

export interface Gateways {
  readonly env: Env;
  readonly database: Database;
  readonly objects: Objects;
  readonly queues: Queues;
}

export function makeGateways(env: Env): Gateways {
  return { env, database: openDatabase(env), objects: makeObjects(env), queues: makeQueues(env) };
}
