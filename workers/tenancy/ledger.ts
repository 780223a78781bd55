/** What moved a balance: payments, what tasks hold and cost, what the messages of a key cost by day. For the tenant's users and for operators. */
import type { LedgerLine, Page } from '../../schema/console';
import type { ShardNumber, TenantId } from '../../schema/ids';
import { PAGE_ROWS } from '../../schema/limits';
import { readReference } from '../../schema/storage-keys';
import type { Gateways } from '../gateways';
import { keyDays } from '../gateways/stores/shards';
import { readCursor } from '../rules/number-cursor';

/** Newest first. */
export async function readLedger(
  { database, objects }: Pick<Gateways, 'database' | 'objects'>,
  tenant: TenantId,
  cursor: string | null,
): Promise<Page<LedgerLine>> {
  const found = await objects.ledger(tenant).entries(PAGE_ROWS + 1, readCursor(cursor));
  const entries = found.slice(0, PAGE_ROWS).map((entry) => ({ ...entry, of: readReference(entry.reference) }));
  const shards = entries.flatMap(({ of }) => (of.kind === 'shard' ? [of.shard] : []));
  const days = await keyDays(database, tenant, shards);
  const dayOf = (shard: ShardNumber) => days.find(({ n }) => n === shard);
  return {
    rows: entries.map(({ n, kind, micros, at, reference, of }): LedgerLine => {
      const line = { n, kind, micros, at, task: null, key: null, day: null };
      if (of.kind === 'task') return { ...line, reference: of.task, task: of.task };
      if (of.kind === 'payment') return { ...line, reference: of.payment };
      const day = of.kind === 'shard' ? dayOf(of.shard) : undefined;
      return day ? { ...line, reference: day.key, key: day.key, day: day.day } : { ...line, reference };
    }),
    cursor: found.length > PAGE_ROWS ? String(entries.at(-1)?.n ?? '') : null,
  };
}
