/** Messages from handsets, as the console lists them. */
import { seesNumbers, type Actor, type Page } from '../../schema/console';
import { AppError } from '../../schema/errors';
import type { InboundView } from '../../schema/webhooks';
import type { Gateways } from '../gateways';
import { inboundPage } from '../gateways/stores/inbound';
import { maskPhone } from '../rules/phone';

/** `time.id` of the last row of a page. */
const CURSOR = /^(\d{1,16})\.(.{1,64})$/;

/** Newest first. @throws AppError invalid_request naming `cursor` */
export async function listInbound(
  { database }: Pick<Gateways, 'database'>,
  actor: Actor,
  cursor: string | null,
  limit: number,
): Promise<Page<InboundView>> {
  const place = cursor === null ? null : CURSOR.exec(cursor);
  if (cursor !== null && !place) throw new AppError('invalid_request', { fields: [{ field: 'cursor', code: 'invalid' }] });
  const after = place && { receivedAt: Number(place[1]), id: place[2] ?? '' };
  const found = await inboundPage(database, actor.tenant, after, limit + 1);
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const hidden = !seesNumbers(actor);
  return {
    rows: page.map(({ id, from, to, body, parts, complete, optOut, receivedAt }) => ({
      id,
      from: hidden ? maskPhone(from) : from,
      to,
      text: body,
      parts,
      complete,
      optOut,
      receivedAt,
    })),
    cursor: found.length > limit && last ? `${last.receivedAt}.${last.id}` : null,
  };
}
