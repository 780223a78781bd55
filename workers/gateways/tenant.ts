/** What one tenant owns in D1. A store made here cannot reach another tenant's rows. */
import type { SenderId, TenantId, UserId } from '../../schema/ids';
import type { Dataset } from '../../schema/states';
import type { Database } from './database';
import { blacklistImportsOf, type BlacklistImportStore } from './stores/blacklist-imports';
import { exportsOf, type ExportStore } from './stores/exports';
import { keysOf, type KeyStore } from './stores/keys';
import { legacyTasksOf, type LegacyTaskStore } from './stores/legacy-tasks';
import { logArchiveOf, type LogArchiveStore } from './stores/log-archive';
import { logShardsOf, type LogShardStore } from './stores/log-shards';
import { numberIndexesOf, type NumberIndexStore } from './stores/number-indexes';
import { pricesOf } from './stores/prices';
import { sendersOf } from './stores/senders';
import { tasksOf, type TaskStore } from './stores/tasks';
import { templatesOf, type TemplateStore } from './stores/templates';
import { totalsOf, type TotalsStore } from './stores/totals';
import { uploadsOf, type UploadStore } from './stores/uploads';
import { usersOf } from './stores/users';

export interface TenantStores {
  readonly uploads: UploadStore;
  readonly tasks: TaskStore;
  readonly legacyTasks: LegacyTaskStore;
  readonly keys: KeyStore;
  /** Homes of the messages of one dataset. */
  logShards(dataset: Dataset): LogShardStore;
  readonly logArchive: LogArchiveStore;
  readonly numberIndexes: NumberIndexStore;
  readonly blacklistImports: BlacklistImportStore;
  readonly exports: ExportStore;
  readonly totals: TotalsStore;
  readonly templates: TemplateStore;
  /** Micro-EUR of one part by ISO code. */
  prices(): Promise<Readonly<Record<string, number>>>;
  /** By name. */
  users(): Promise<{ id: UserId; name: string }[]>;
  senders(): Promise<{ id: SenderId; value: string }[]>;
}

export const tenantStores = (database: Database, tenant: TenantId): TenantStores => ({
  uploads: uploadsOf(database, tenant),
  tasks: tasksOf(database, tenant),
  legacyTasks: legacyTasksOf(database, tenant),
  keys: keysOf(database, tenant),
  logShards: (dataset) => logShardsOf(database, tenant, dataset),
  logArchive: logArchiveOf(database, tenant),
  numberIndexes: numberIndexesOf(database, tenant),
  blacklistImports: blacklistImportsOf(database, tenant),
  exports: exportsOf(database, tenant),
  totals: totalsOf(database, tenant),
  templates: templatesOf(database, tenant),
  prices: () => pricesOf(database, tenant),
  users: () => usersOf(database, tenant),
  senders: () => sendersOf(database, tenant),
});
