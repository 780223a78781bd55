/** Totals in D1 as shards write them, without the messages. */
import type { Iso2, KeyId, ShardNumber } from '../../schema/ids';
import type { TotalsCell } from '../../schema/reports';
import { COUNTED_MESSAGE_STATES, type MessageState, type TrafficKind } from '../../schema/states';
import { addDayShard } from '../../workers/gateways/stores/shards';
import { writeTotals } from '../../workers/gateways/stores/write-totals';
import { hourStart, platformDayStart } from '../../workers/rules/platform-day';
import type { World } from './world';

export interface Total {
  readonly at: number;
  readonly country: string;
  readonly states: Partial<Record<MessageState, number>>;
  readonly costMicros?: number;
  readonly sender?: string;
}

/** Absolute: said again of the same shard, it overwrites. Each hour stands alone in its day here. */
export async function reportTotals(
  world: World,
  totals: readonly Total[],
  { shard, key = world.transactional.id, kind = 'transactional' }: { shard?: ShardNumber; key?: KeyId; kind?: TrafficKind } = {},
): Promise<ShardNumber> {
  const { database } = world.gateways;
  const first = totals[0]?.at ?? 0;
  const day = new Date(first).toISOString().slice(0, 10);
  const number = shard ?? (await addDayShard(database, { tenant: world.tenant, key, kind, day }, first));
  const cells = totals.flatMap(({ at, country, states, costMicros = 0, sender = 'JINMU' }): TotalsCell[] => {
    const messages = COUNTED_MESSAGE_STATES.map((state) => states[state] ?? 0);
    const parts = messages.reduce((sum, count) => sum + count, 0);
    const cell = { country: country as Iso2, sender, messages, parts, costMicros };
    return [
      { span: 'hour', at: hourStart(at), ...cell },
      { span: 'day', at: platformDayStart(at), ...cell },
    ];
  });
  await writeTotals(database, world.tenant, number, { totals: cells, reasons: [], carriers: [] });
  return number;
}
