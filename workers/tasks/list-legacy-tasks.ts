import type { Actor, LegacyTaskFilter, LegacyTaskItem, Page } from '../../schema/console';
import { PAGE_ROWS } from '../../schema/limits';
import type { Gateways } from '../gateways';
import { pageOf, readPlace } from '../rules/list-place';

/** Task statistics of the old platform: newest first, one page. */
export async function listLegacyTasks(
  gateways: Pick<Gateways, 'tenant'>,
  actor: Pick<Actor, 'tenant'>,
  { cursor, ...conditions }: LegacyTaskFilter,
): Promise<Page<LegacyTaskItem>> {
  const found = await gateways.tenant(actor.tenant).legacyTasks.page(conditions, readPlace(cursor), PAGE_ROWS + 1);
  const page = pageOf(found, PAGE_ROWS, ({ createdAt: at, id }) => ({ at, id }));
  return { ...page, rows: page.rows.map(({ tenantId: _tenant, ...task }) => task) };
}
