import type { HealthView } from '../../schema/operators';
import type { Gateways } from '../gateways';
import { outcomesByCarrier, outcomesByCountry, pendingMessages, receiptLags, workInHand } from '../gateways/stores/health';
import { lagWithin } from '../rules/receipt-lag';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const HALF = 0.5;
const MOST = 0.95;

/** Totals are told by shards a moment after the fact: figures lag by seconds. */
export async function readHealth(
  { database, objects, queues }: Pick<Gateways, 'database' | 'objects' | 'queues'>,
  now: number,
): Promise<HealthView> {
  const from = now - (now % HOUR_MS) - DAY_MS;
  const [depths, pending, accounts, lags, countries, work] = await Promise.all([
    queues.depths(),
    pendingMessages(database, from),
    outcomesByCarrier(database, from),
    receiptLags(database, from),
    outcomesByCountry(database, from),
    workInHand(database),
  ]);
  const carriers = await Promise.all(
    accounts.map(async (account) => {
      const counts = lags.get(account.id) ?? [];
      return {
        ...account,
        sendsPerSecond: await objects.pacer(account.id).recent(),
        lag: {
          receipts: counts.reduce((sum, count) => sum + count, 0),
          half: lagWithin(counts, HALF),
          most: lagWithin(counts, MOST),
        },
      };
    }),
  );
  return {
    now,
    queues: depths,
    ...pending,
    sendsPerSecond: carriers.reduce((sum, { sendsPerSecond }) => sum + sendsPerSecond, 0),
    ...work,
    carriers,
    countries,
  };
}
