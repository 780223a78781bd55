/** The blacklist as the console shows it: one number or a page, with the messages by which recipients opted out. */
import { seesNumbers, type Actor, type Page } from '../../schema/console';
import { AppError } from '../../schema/errors';
import type { KeyId } from '../../schema/ids';
import type { BlacklistedNumber } from '../../schema/keys';
import type { Gateways } from '../gateways';
import { inboundByIds } from '../gateways/stores/inbound';
import { maskPhone, parsePhone } from '../rules/phone';
import { listBlacklist } from './blacklist';

/** @param search one number, as it was typed @throws AppError not_found, invalid_request naming `search` or `cursor` */
export async function listBlacklistWithCauses(
  gateways: Pick<Gateways, 'tenant' | 'objects' | 'database'>,
  actor: Actor,
  key: KeyId,
  cursor: string | null,
  search: string | null,
  limit: number,
): Promise<Page<BlacklistedNumber>> {
  const page = search === null ? await listBlacklist(gateways, actor, key, cursor, limit) : await findNumber(gateways, actor, key, search);
  const causes = page.rows.flatMap(({ source }) => (source === null ? [] : [source]));
  const messages = new Map((await inboundByIds(gateways.database, actor.tenant, causes)).map((message) => [message.id, message]));
  const hidden = !seesNumbers(actor);
  return {
    rows: page.rows.map(({ digits, addedAt, reason, source }) => {
      const message = source === null ? undefined : messages.get(source);
      const cause = message ? { text: message.body, receivedAt: message.receivedAt } : null;
      return { digits: hidden ? maskPhone(digits) : digits, addedAt, reason, cause };
    }),
    cursor: page.cursor,
  };
}

async function findNumber(
  gateways: Pick<Gateways, 'tenant' | 'objects'>,
  actor: Actor,
  key: KeyId,
  search: string,
): ReturnType<typeof listBlacklist> {
  const phone = parsePhone(search);
  if (!phone.valid) throw new AppError('invalid_request', { fields: [{ field: 'search', code: 'invalid' }] });
  // The first one above the number below it is the number, or it is not there.
  const { rows } = await listBlacklist(gateways, actor, key, String(Number(phone.digits) - 1), 1);
  return { rows: rows.filter(({ digits }) => digits === phone.digits), cursor: null };
}
