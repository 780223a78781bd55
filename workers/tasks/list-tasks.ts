import { maySend, type Actor, type Page, type TaskListFilter, type TaskListItem } from '../../schema/console';
import { AppError } from '../../schema/errors';
import type { Iso2 } from '../../schema/ids';
import { PAGE_ROWS } from '../../schema/limits';
import { taskActions } from '../../schema/states';
import type { Gateways } from '../gateways';
import type { ListedTask, TaskPosition } from '../gateways/stores/tasks';

/** Task statistics: newest first, one page. Tasks made in the console only; messages sent by API are none. */
export async function listTasks(gateways: Pick<Gateways, 'tenant'>, actor: Actor, filter: TaskListFilter): Promise<Page<TaskListItem>> {
  const { cursor, ...conditions } = filter;
  const before = cursor === undefined ? null : readCursor(cursor);
  const found = await gateways.tenant(actor.tenant).tasks.page(conditions, before, PAGE_ROWS + 1);
  const rows = found.slice(0, PAGE_ROWS);
  const last = rows.at(-1);
  return {
    rows: maySend(actor) ? rows.map(listItem) : rows.map((row) => ({ ...listItem(row), actions: [] })),
    cursor: found.length > PAGE_ROWS && last ? `${last.createdAt}.${last.id}` : null,
  };
}

function readCursor(cursor: string): TaskPosition {
  const match = /^(\d{1,15})\.(T-[0-9A-Z-]{1,20})$/.exec(cursor);
  if (!match) throw new AppError('invalid_request', { fields: [{ field: 'cursor', code: 'invalid' }] });
  return { createdAt: Number(match[1]), id: match[2] ?? '' };
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
