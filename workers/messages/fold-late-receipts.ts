/** Nightly repair: files of sealed shards are written anew with the receipts that came too late for them. The shards do it, one after another. */
import type { Gateways } from '../gateways';
import { shardsToFold } from '../gateways/stores/archive-files';

/** 03:00 to 06:00 in Shanghai. */
const NIGHT_UTC_HOURS = { from: 19, until: 22 } as const;
const FILES_A_RUN = 100;
/** A run of the minute's repairs does not keep the others from theirs. */
const RUN_MS = 20_000;

export async function foldLateReceipts({ database, objects }: Pick<Gateways, 'database' | 'objects'>, now: number): Promise<void> {
  const hour = new Date(now).getUTCHours();
  if (hour < NIGHT_UTC_HOURS.from || hour >= NIGHT_UTC_HOURS.until) return;
  const endsAt = Date.now() + RUN_MS;
  for (const shard of await shardsToFold(database, FILES_A_RUN)) {
    if (Date.now() > endsAt) return;
    try {
      await objects.shard(shard).fold();
    } catch (thrown) {
      console.error(JSON.stringify({ fold: shard, failed: thrown instanceof Error ? thrown.name : typeof thrown }));
    }
  }
}
