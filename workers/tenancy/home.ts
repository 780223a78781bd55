/** The first page after signing in: today, the last 30 days, countries, running tasks, notices. */
import type { Actor, HomeView } from '../../schema/console';
import type { TaskState } from '../../schema/states';
import type { Gateways } from '../gateways';
import { noticePage } from '../gateways/stores/notices';
import { figuresByCountry, figuresByDay, lastDays, startOfDay } from '../rules/daily-figures';
import { formatDay } from '../rules/local-time';
import { listItem } from '../tasks/list-tasks';
import { noticeView } from './notices';

const TREND_DAYS = 30;
const NOTICES = 5;
const RUNNING_TASKS = 10;
/** Tasks that something is happening to, in the order in which they are shown. */
const RUNNING_STATES: readonly TaskState[] = ['running', 'stopping', 'paused', 'checking', 'scheduled'];

export async function readHome(gateways: Pick<Gateways, 'tenant' | 'database'>, actor: Actor): Promise<HomeView> {
  const now = Date.now();
  const { tasks, totals } = gateways.tenant(actor.tenant);
  const zone = actor.timeZone;
  const days = lastDays(now, zone, TREND_DAYS);
  const from = startOfDay(days[0] ?? '', zone);
  const [hours, countries, running, notices] = await Promise.all([
    totals.byHour(from, now),
    totals.byCountry(from, now),
    Promise.all(RUNNING_STATES.map((state) => tasks.page({ state }, null, RUNNING_TASKS))),
    noticePage(gateways.database, actor.tenant, null, NOTICES),
  ]);
  const byDay = figuresByDay(hours, days, zone);
  const today = byDay.at(-1) ?? { submitted: 0, delivered: 0, failed: 0 };
  const todayText = days.at(-1);
  const costMicros = hours.filter(({ hourAt }) => formatDay(hourAt, zone) === todayText).reduce((sum, hour) => sum + hour.costMicros, 0);
  return {
    today: { submitted: today.submitted, delivered: today.delivered, failed: today.failed, costMicros },
    days: byDay,
    countries: figuresByCountry(countries),
    running: running.flat().slice(0, RUNNING_TASKS).map(listItem),
    notices: notices.map((notice) => noticeView(notice, actor.locale)),
  };
}
