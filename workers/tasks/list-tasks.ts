import { maySend, type Actor, type Page, type TaskListFilter, type TaskListItem } from '../../schema/console';
import type { Iso2 } from '../../schema/ids';
import { PAGE_ROWS } from '../../schema/limits';
import { taskActions } from '../../schema/states';
import type { Gateways } from '../gateways';
import type { ListedTask } from '../gateways/stores/tasks';
import { pageOf, readPlace } from '../rules/list-place';

/** Task statistics: newest first, one page. Tasks made in the console only; messages sent by API are none. */
export async function listTasks(gateways: Pick<Gateways, 'tenant'>, actor: Actor, filter: TaskListFilter): Promise<Page<TaskListItem>> {
  const { cursor, ...conditions } = filter;
  const found = await gateways.tenant(actor.tenant).tasks.page(conditions, readPlace(cursor), PAGE_ROWS + 1);
  const page = pageOf(found, PAGE_ROWS, ({ createdAt: at, id }) => ({ at, id }));
  const rows = page.rows.map(listItem);
  return { ...page, rows: maySend(actor) ? rows : rows.map((row) => ({ ...row, actions: [] })) };
}

export const listItem = (row: ListedTask): TaskListItem => ({
  id: row.id,
  name: row.name,
  state: row.state,
  userName: row.userName,
  sender: row.sender,
  createdAt: row.createdAt,
  startsAt: row.startsAt,
  startedAt: row.startedAt,
  endedAt: row.endedAt,
  rows: row.rows,
  valid: row.valid,
  submitted: row.submitted,
  delivered: row.delivered,
  failed: row.failed,
  cancelled: row.cancelled,
  costMicros: row.costMicros,
  countries: row.countries as Iso2[],
  actions: taskActions(row.state, row.startedAt),
});
