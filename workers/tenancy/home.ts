/** The first page after signing in: today, the last 30 days, countries, running tasks, notices. */
import type { Actor, HomeView } from '../../schema/console';
import { MISSED_MESSAGE_STATES, type TaskState } from '../../schema/states';
import type { Gateways } from '../gateways';
import { noticePage } from '../gateways/stores/notices';
import { addReasons } from '../messages/report-picture';
import { readTotals } from '../messages/totals';
import { everyDay, sentUntil } from '../rules/report-figures';
import { DAY_MS, hourStart, HOUR_MS } from '../rules/platform-day';
import { lastDays, runsOf, startOfDay } from '../rules/report-period';
import { listItem } from '../tasks/list-tasks';
import { noticeView } from './notices';

const TREND_DAYS = 30;
const NOTICES = 5;
const RUNNING_TASKS = 10;
/** Tasks that something is happening to, in the order in which they are shown. */
const RUNNING_STATES: readonly TaskState[] = ['running', 'stopping', 'paused', 'checking', 'scheduled'];

export async function readHome(gateways: Pick<Gateways, 'tenant' | 'database'>, actor: Actor): Promise<HomeView> {
  const now = Date.now();
  const { tasks } = gateways.tenant(actor.tenant);
  const zone = actor.timeZone;
  const days = lastDays(now, zone, TREND_DAYS);
  const period = { from: startOfDay(days[0] ?? '', zone), until: hourStart(now) + HOUR_MS };
  const sameTime = now - DAY_MS;
  const yesterday = { from: startOfDay(days.at(-2) ?? '', zone), until: hourStart(sameTime) + HOUR_MS };
  const todays = runsOf(startOfDay(days.at(-1) ?? '', zone), period.until);
  const [daily, countries, hours, reasons, running, notices] = await Promise.all([
    readTotals(gateways, actor.tenant, period, ['day'], zone),
    readTotals(gateways, actor.tenant, period, ['country'], zone),
    readTotals(gateways, actor.tenant, yesterday, ['hour'], zone),
    gateways.tenant(actor.tenant).totals.reasons(todays, {}),
    Promise.all(RUNNING_STATES.map((state) => tasks.page({ state }, null, RUNNING_TASKS))),
    noticePage(gateways.database, actor.tenant, null, NOTICES),
  ]);
  const byDay = everyDay(daily, days);
  const today = byDay.at(-1);
  return {
    today: {
      submitted: today?.sent ?? 0,
      delivered: today?.delivered ?? 0,
      failed: today?.failed ?? 0,
      costMicros: today?.costMicros ?? 0,
    },
    submittedYesterday: sentUntil(hours, sameTime),
    failures: addReasons(reasons).filter(({ state }) => MISSED_MESSAGE_STATES.some((missed) => missed === state)),
    days: byDay.map(({ day, sent, delivered, failed }) => ({ day, submitted: sent, delivered, failed })),
    // Messages that never went out (blocked, cancelled) are no volume.
    countries: countries
      .flatMap(({ country, sent, delivered, failed }) =>
        country !== null && sent + failed > 0 ? [{ country, messages: sent, delivered, failed }] : [],
      )
      .toSorted((a, b) => b.messages - a.messages),
    running: running.flat().slice(0, RUNNING_TASKS).map(listItem),
    notices: notices.map((notice) => noticeView(notice, actor.locale)),
  };
}
