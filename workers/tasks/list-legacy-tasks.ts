import type { Actor, LegacyTaskFilter, LegacyTaskItem, Page } from '../../schema/console';
import { AppError } from '../../schema/errors';
import { PAGE_ROWS } from '../../schema/limits';
import type { Gateways } from '../gateways';
import type { TaskPosition } from '../gateways/stores/tasks';

/** Task statistics of the old platform: newest first, one page. */
export async function listLegacyTasks(
  gateways: Pick<Gateways, 'tenant'>,
  actor: Pick<Actor, 'tenant'>,
  { cursor, ...conditions }: LegacyTaskFilter,
): Promise<Page<LegacyTaskItem>> {
  const before = cursor === undefined ? null : readCursor(cursor);
  const found = await gateways.tenant(actor.tenant).legacyTasks.page(conditions, before, PAGE_ROWS + 1);
  const rows = found.slice(0, PAGE_ROWS).map(({ tenantId: _tenant, ...task }) => task);
  const last = rows.at(-1);
  return { rows, cursor: found.length > PAGE_ROWS && last ? `${last.createdAt}.${last.id}` : null };
}

function readCursor(cursor: string): TaskPosition {
  const match = /^(-?\d{1,15})\.([\x21-\x7e]{1,100})$/.exec(cursor);
  if (!match) throw new AppError('invalid_request', { fields: [{ field: 'cursor', code: 'invalid' }] });
  return { createdAt: Number(match[1]), id: match[2] ?? '' };
}
