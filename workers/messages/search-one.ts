/** A message by its id: the id names its home, and D1 says whose home that is before it is asked. */
import type { LogFilter } from '../../schema/console';
import type { TenantId } from '../../schema/ids';
import { decodeMessageId } from '../../schema/message-id';
import type { LogRow } from '../../schema/protocol/message-shard';
import type { Gateways } from '../gateways';
import type { LogShard } from '../gateways/stores/log-shards';
import { unsealed } from './unsealed';

export interface OwnMessage {
  readonly row: LogRow;
  /** Its number in `home`. */
  readonly number: number;
  readonly home: LogShard;
}

/** @returns null for an unknown id, a mistyped one and another tenant's alike */
export async function findOwnMessage(
  gateways: Pick<Gateways, 'tenant' | 'objects'>,
  tenant: TenantId,
  id: string,
  scope: Pick<LogFilter, 'user'> = {},
): Promise<OwnMessage | null> {
  const place = decodeMessageId(id.trim());
  if (!place) return null;
  const home = await gateways.tenant(tenant).logShards.find(place.shard, scope);
  const row = home && unsealed(await gateways.objects.shard(place.shard).find(place.row));
  return row && { row, number: place.row, home };
}
