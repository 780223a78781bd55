/**
 * A tenant's past, as if it had been sent through the platform: for benchmarks and for whoever wants to see it full. Rows go into real shards,
 * which count, report and seal them as they do with everything else. Nothing is sent and nobody pays. Local runs only.
 */
import { AppError } from '../../schema/errors';
import { newTaskId, type KeyId, type ShardNumber, type TaskId } from '../../schema/ids';
import { ROWS_PER_SHARD } from '../../schema/limits';
import type { ShardSettings } from '../../schema/protocol/message-shard';
import type { RangeResult } from '../../schema/protocol/task-run';
import type { Gateways } from '../gateways';
import { findApiKey } from '../gateways/stores/api-keys';
import { archiveSizeOf, type ArchiveSize } from '../gateways/stores/archive-files';
import { addDayShard } from '../gateways/stores/shards';
import { allotTaskShards, markTaskShardsStarted } from '../gateways/stores/task-shards';
import { DEMO_TENANT } from './demo-data';

export type PastWish = {
  readonly key: KeyId;
  readonly startedAt: number;
} & (
  | { readonly kind: 'day' }
  | {
      readonly kind: 'task';
      readonly name: string;
      readonly sender: string;
      readonly text: string;
      readonly columns: readonly string[];
      readonly endedAt: number;
      readonly totals: RangeResult;
    }
);

/** @returns where the rows go, ROWS_PER_SHARD at most into each */
export async function beginPast(gateways: Gateways, wish: PastWish): Promise<readonly ShardNumber[]> {
  onlyLocal(gateways);
  const { env, database, objects } = gateways;
  const key = await findApiKey({ env, database }, wish.key);
  if (!key) throw new AppError('not_found');
  const { tenant, kind: traffic, carrierAccount } = key;
  const shared = { tenant, key: key.id, carrierAccount, traffic, textType: 'auto', callbackUrl: null, test: true } as const;
  const open = (settings: ShardSettings): Promise<void> => objects.shard(settings.shard).open(settings);
  if (wish.kind === 'day') {
    const day = new Date(wish.startedAt).toISOString().slice(0, 10);
    const shard = await addDayShard(database, { tenant, key: key.id, kind: traffic, day }, wish.startedAt);
    await open({ ...shared, shard, origin: 'api', task: null, taskName: null, sender: '', text: '', columns: [] });
    return [shard];
  }
  const task: TaskId = newTaskId();
  const { name, sender, text, columns, startedAt, endedAt, totals } = wish;
  const count = Math.ceil(totals.rows / ROWS_PER_SHARD);
  const shards = await allotTaskShards(database, { tenant, key: key.id, task, revision: 1, count, at: startedAt });
  const [owner] = DEMO_TENANT.users;
  if (!owner) throw new Error('the demo tenant has no user');
  const content = { name, sender, text, textType: 'auto', key: key.id, upload: null, checkNumbers: true, callbackUrl: null } as const;
  const settings = { ...content, task, tenant, createdBy: owner.id, createdAt: startedAt, carrierAccount, test: true };
  await objects.taskRun(task).fillEnded(settings, startedAt, endedAt, columns, totals, shards);
  await markTaskShardsStarted(database, task, 1, startedAt);
  for (const shard of shards) await open({ ...shared, shard, origin: 'task', task, taskName: name, sender, text, columns });
  return shards;
}

/** @param rowsJson FinishedRow[] */
export async function addPast(gateways: Gateways, shard: ShardNumber, rowsJson: string): Promise<void> {
  onlyLocal(gateways);
  await gateways.objects.shard(shard).fill(rowsJson);
}

/** No more rows: from here on the shard does what it does with any whose messages are final. */
export async function endPast(gateways: Gateways, shard: ShardNumber, startedAt: number): Promise<void> {
  onlyLocal(gateways);
  await gateways.objects.shard(shard).start(startedAt);
}

/** Into the archive without waiting for quiet. @returns false when something still waits */
export async function sealPast(gateways: Gateways, shard: ShardNumber): Promise<boolean> {
  onlyLocal(gateways);
  return await gateways.objects.shard(shard).seal();
}

/** Of the demo's tenant. */
export async function pastSize(gateways: Gateways): Promise<ArchiveSize> {
  onlyLocal(gateways);
  return await archiveSizeOf(gateways.database, DEMO_TENANT.id);
}

function onlyLocal({ env }: Gateways): void {
  if (env.ENVIRONMENT !== 'local') throw new AppError('not_found');
}
