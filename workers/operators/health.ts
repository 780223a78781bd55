import { AppError } from '../../schema/errors';
import type { CarrierAccountId } from '../../schema/ids';
import type { CarrierHour, HealthView, ReceiptLag } from '../../schema/operators';
import type { Gateways } from '../gateways';
import { outcomesByCarrier, outcomesByCountry, outcomesByHour, pendingMessages, receiptLags, workInHand } from '../gateways/stores/health';
import { findCarrier, listCarriers } from '../gateways/stores/service-desk';
import { lagWithin } from '../rules/receipt-lag';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const HALF = 0.5;
const MOST = 0.95;
const NOTHING = { sent: 0, delivered: 0, missed: 0 };

const aDayBefore = (now: number): number => now - (now % HOUR_MS) - DAY_MS;

const lagOf = (counts: readonly number[] = []): ReceiptLag => ({
  receipts: counts.reduce((sum, count) => sum + count, 0),
  half: lagWithin(counts, HALF),
  most: lagWithin(counts, MOST),
});

/** Totals are told by shards a moment after the fact: figures lag by seconds. */
export async function readHealth(
  { database, objects, queues }: Pick<Gateways, 'database' | 'objects' | 'queues'>,
  now: number,
): Promise<HealthView> {
  const from = aDayBefore(now);
  const [depths, pending, accounts, outcomes, lags, countries, work] = await Promise.all([
    queues.depths(),
    pendingMessages(database, from),
    listCarriers(database),
    outcomesByCarrier(database, from),
    receiptLags<CarrierAccountId>(database, from, null),
    outcomesByCountry(database, from),
    workInHand(database),
  ]);
  const carriers = await Promise.all(
    accounts.map(async ({ id, name, perSecond }) => {
      const { sent, delivered, missed } = outcomes.find((found) => found.id === id) ?? NOTHING;
      const sendsPerSecond = await objects.pacer(id).recent();
      return { id, name, perSecond, sendsPerSecond, sent, delivered, missed, lag: lagOf(lags.get(id)) };
    }),
  );
  return {
    now,
    queues: depths,
    ...pending,
    sendsPerSecond: carriers.reduce((sum, { sendsPerSecond }) => sum + sendsPerSecond, 0),
    ...work,
    carriers: carriers.toSorted((a, b) => b.sent - a.sent),
    countries,
  };
}

/** The last day of one account, the newest hour first; hours in which nothing went through it are not there. @throws not_found */
export async function readCarrierHours(
  { database }: Pick<Gateways, 'database'>,
  id: CarrierAccountId,
  now: number,
): Promise<readonly CarrierHour[]> {
  if (!(await findCarrier(database, id))) throw new AppError('not_found');
  const from = aDayBefore(now);
  const [hours, lags] = await Promise.all([outcomesByHour(database, id, from), receiptLags<number>(database, from, id)]);
  return hours.filter(({ sent }) => sent > 0).map((hour) => ({ ...hour, lag: lagOf(lags.get(hour.at)) }));
}
