/** A message by its id: the id names its home, and D1 says whose home that is before it is asked. */
import type { LogFilter } from '../../schema/console';
import type { TenantId } from '../../schema/ids';
import { decodeMessageId } from '../../schema/message-id';
import { isSealed, type LogRow } from '../../schema/protocol/message-shard';
import type { Dataset } from '../../schema/states';
import type { LogShard } from '../gateways/stores/log-shards';
import { ArchiveIndexes } from './archive-indexes';
import { ArchivedShard, type ArchiveGateways } from './archived-shard';

export interface OwnMessage {
  readonly row: LogRow;
  /** Its number in `home`. */
  readonly number: number;
  readonly home: LogShard;
}

/** @returns null for an unknown id, a mistyped one and another tenant's alike */
export async function findOwnMessage(
  gateways: ArchiveGateways,
  tenant: TenantId,
  id: string,
  scope: Pick<LogFilter, 'user'> = {},
  dataset: Dataset = 'current',
): Promise<OwnMessage | null> {
  const place = decodeMessageId(id.trim());
  if (!place) return null;
  const home = await gateways.tenant(tenant).logShards(dataset).find(place.shard, scope);
  if (!home) return null;
  const live = home.archive ? null : await gateways.objects.shard(place.shard).find(place.row);
  const isArchived = home.archive !== null || (live !== null && isSealed(live));
  const indexes = new ArchiveIndexes(gateways, tenant, dataset, {});
  const row = isArchived ? await new ArchivedShard(gateways, tenant, place.shard, home.archive, indexes).row(place.row) : live;
  return row && { row, number: place.row, home };
}
