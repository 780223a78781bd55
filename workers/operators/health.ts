import type { HealthView } from '../../schema/operators';
import type { Gateways } from '../gateways';
import { messagesIn, outcomesByCarrier, outcomesByCountry, workInHand } from '../gateways/stores/health';
import { SENT_MESSAGE_STATES } from '../../schema/states';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Totals are told by shards a moment after the fact: figures lag by seconds. */
export async function readHealth({ database }: Pick<Gateways, 'database'>, now: number): Promise<HealthView> {
  const thisHourAt = now - (now % HOUR_MS);
  const from = thisHourAt - DAY_MS;
  const [waiting, unreceipted, sent, carriers, countries, work] = await Promise.all([
    messagesIn(database, ['accepted'], from),
    messagesIn(database, ['submitted'], from),
    messagesIn(database, SENT_MESSAGE_STATES, thisHourAt),
    outcomesByCarrier(database, from),
    outcomesByCountry(database, from),
    workInHand(database),
  ]);
  return {
    now,
    waiting: waiting.messages,
    unreceipted: unreceipted.messages,
    oldestUnreceiptedAt: unreceipted.oldestAt,
    sendsPerSecond: sent.messages / Math.max(1, (now - thisHourAt) / 1_000),
    ...work,
    carriers,
    countries,
  };
}
