/** Names of everything in R2 and of every Durable Object, built here and nowhere else. */
import type {
  ApprovalId,
  BlacklistImportId,
  CarrierAccountId,
  EndpointId,
  ExportId,
  KeyId,
  ShardNumber,
  TaskId,
  TenantId,
  UploadId,
} from './ids';
import type { Dataset } from './states';

/** The file as the user sent it. */
export const uploadKey = (tenant: TenantId, upload: UploadId): string => `uploads/${tenant}/${upload}/original`;
/** The same rows as UTF-8 csv, made from xlsx, .gz and UTF-16 only; `revision` grows with each check of the task. */
export const unpackedKey = (tenant: TenantId, task: TaskId, revision: number): string => `tasks/${tenant}/${task}/${revision}/rows.csv`;
/** An xlsx that came inside a .gz, while it is being read. */
export const innerBookKey = (tenant: TenantId, task: TaskId, revision: number): string => `tasks/${tenant}/${task}/${revision}/inner.xlsx`;
/** Bad rows of one range, csv: row number in the file, value, reason code, reason value. */
export const exceptionsKey = (tenant: TenantId, task: TaskId, revision: number, range: number): string =>
  `tasks/${tenant}/${task}/${revision}/exceptions/${String(range).padStart(6, '0')}.csv`;
export const exceptionsPrefix = (tenant: TenantId, task: TaskId, revision: number): string =>
  `tasks/${tenant}/${task}/${revision}/exceptions/`;
/** What the screening of one range answered the first time: a repeat must not see a blacklist that has changed since. JSON array of numbers. */
export const screenedKey = (tenant: TenantId, task: TaskId, revision: number, range: number): string =>
  `tasks/${tenant}/${task}/${revision}/screened/${String(range).padStart(6, '0')}.json`;
/** Everything that one check left in R2. */
export const revisionPrefix = (tenant: TenantId, task: TaskId, revision: number): string => `tasks/${tenant}/${task}/${revision}/`;
/** As `unpackedKey`, of a file of numbers for a blacklist; gone when it has been read. */
export const importedCsvKey = (tenant: TenantId, id: BlacklistImportId): string => `blacklists/${tenant}/${id}/rows.csv`;
export const importedBookKey = (tenant: TenantId, id: BlacklistImportId): string => `blacklists/${tenant}/${id}/inner.xlsx`;
export const exportKey = (tenant: TenantId, id: ExportId): string => `exports/${tenant}/${id}`;
/** Bytes that one step of an export leaves to the next; `name` is new for each step. */
export const exportCarryKey = (tenant: TenantId, id: ExportId, name: string): string => `${exportCarryPrefix(tenant, id)}${name}`;
export const exportCarryPrefix = (tenant: TenantId, id: ExportId): string => `exports/${tenant}/${id}.carry/`;
/**
 * Rows of a sealed shard; `revision` grows with each writing, so that no key is ever written twice.
 * @param fromAt ms UTC of the first row: its month is part of the key, for whoever looks for a period with other tools
 */
export const archiveKey = (dataset: Dataset, tenant: TenantId, fromAt: number, shard: ShardNumber, revision: number): string =>
  `${archivePrefix(dataset, tenant)}${new Date(fromAt).toISOString().slice(0, 7)}/${shard}.${revision}.csv.gz`;
export const archivePrefix = (dataset: Dataset, tenant: TenantId): string => `archive/${dataset}/${tenant}/`;
/** Of a file or its number index. */
export function shardOfArchiveKey(key: string): ShardNumber | null {
  const found = /\/(\d+)\.\d+\.csv\.gz(?:\.numbers)?$/.exec(key);
  return found === null ? null : (Number(found[1]) as ShardNumber);
}
/** Which members of an archive file hold a number: rules/number-index.ts. */
export const numberIndexKey = (archive: string): string => `${archive}.numbers`;
/** The same over the files of many shards; `name` is new for each. */
export const mergedNumbersKey = (dataset: Dataset, tenant: TenantId, name: string): string =>
  `${archivePrefix(dataset, tenant)}numbers/${name}`;

/** A paper that came with an application; `n` from 1. */
export const approvalFileKey = (tenant: TenantId, approval: ApprovalId, n: number): string => `approvals/${tenant}/${approval}/${n}`;

export const shardName = (shard: ShardNumber): string => `shard:${shard}`;
export const taskRunName = (task: TaskId): string => `task:${task}`;
export const keyGateName = (key: KeyId): string => `key:${key}`;
export const pacerName = (account: CarrierAccountId): string => `carrier:${account}`;
export const ledgerName = (tenant: TenantId): string => `ledger:${tenant}`;
/** `account` is a user id, or a hash of what was typed where there is no such user: both are guarded alike. */
export const accountGuardName = (account: string): string => `account:${account}`;
export const addressGuardName = (address: string): string => `address:${address}`;
export const webhookLaneName = (endpoint: EndpointId): string => `webhook:${endpoint}`;
export const mainlandCapsName = (tenant: TenantId): string => `mainland:${tenant}`;
/** Under this reference a TenantLedger holds what a task may cost; another revision may cost something else. */
export const taskReference = (task: TaskId, revision: number): string => `task:${task}/${revision}`;
/** Under this reference a TenantLedger keeps what the API messages of a shard cost. */
export const shardReference = (shard: ShardNumber): string => `shard:${shard}`;
/** Under this reference a TenantLedger keeps a payment, once. */
export const paymentReference = (payment: string): string => `top-up:${payment}`;

export type ReferenceOf =
  | { readonly kind: 'task'; readonly task: TaskId }
  | { readonly kind: 'shard'; readonly shard: ShardNumber }
  | { readonly kind: 'payment'; readonly payment: string }
  | { readonly kind: 'other' };

/** What an entry of a TenantLedger is about. */
export function readReference(reference: string): ReferenceOf {
  const [, name = '', rest = ''] = /^(task|shard|top-up):(.+)$/s.exec(reference) ?? [];
  if (name === 'task') return { kind: 'task', task: rest.replace(/\/\d+$/, '') as TaskId };
  if (name === 'shard') return { kind: 'shard', shard: Number(rest) as ShardNumber };
  return name === 'top-up' ? { kind: 'payment', payment: rest } : { kind: 'other' };
}
