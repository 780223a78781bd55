/** Messages from handsets, as the console lists them. */
import { seesNumbers, type Actor, type Page } from '../../schema/console';
import type { InboundView } from '../../schema/webhooks';
import type { Gateways } from '../gateways';
import { inboundPage } from '../gateways/stores/inbound';
import { pageOf, readPlace } from '../rules/list-place';
import { maskPhone } from '../rules/phone';

/** Newest first. @throws AppError invalid_request naming `cursor` */
export async function listInbound(
  { database }: Pick<Gateways, 'database'>,
  actor: Actor,
  cursor: string | null,
  limit: number,
): Promise<Page<InboundView>> {
  const found = await inboundPage(database, actor.tenant, readPlace(cursor), limit + 1);
  const page = pageOf(found, limit, ({ receivedAt: at, id }) => ({ at, id }));
  const hidden = !seesNumbers(actor);
  return {
    ...page,
    rows: page.rows.map(({ id, from, to, body, parts, complete, optOut, receivedAt }) => ({
      id,
      from: hidden ? maskPhone(from) : from,
      to,
      text: body,
      parts,
      complete,
      optOut,
      receivedAt,
    })),
  };
}
