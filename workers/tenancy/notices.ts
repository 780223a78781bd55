/** What operators tell a tenant, as its users read it. */
import type { Actor, NoticeView, Page } from '../../schema/console';
import { AppError } from '../../schema/errors';
import type { NoticeId } from '../../schema/ids';
import type { Locale } from '../../schema/states';
import type { Gateways } from '../gateways';
import { noticePage, noticesSeen, type NoticePlace, type NoticeRow } from '../gateways/stores/notices';

/** `time.id` of the last notice of a page. */
const CURSOR = /^(\d{1,16})\.(no_[0-9A-Z]{1,32})$/;

/** Newest first; with the first page they count as seen. @throws AppError invalid_request naming `cursor` */
export async function readNotices(
  { database }: Pick<Gateways, 'database'>,
  actor: Actor,
  cursor: string | null,
  limit: number,
): Promise<Page<NoticeView>> {
  const found = await noticePage(database, actor.tenant, cursor === null ? null : placeOf(cursor), limit + 1);
  const page = found.slice(0, limit);
  const [newest] = page;
  const last = page.at(-1);
  if (cursor === null && newest) await noticesSeen(database, actor.user, newest.postedAt);
  return {
    rows: page.map((row) => noticeView(row, actor.locale)),
    cursor: found.length > limit && last ? `${last.postedAt}.${last.id}` : null,
  };
}

function placeOf(cursor: string): NoticePlace {
  const place = CURSOR.exec(cursor);
  if (!place) throw new AppError('invalid_request', { fields: [{ field: 'cursor', code: 'invalid' }] });
  return { postedAt: Number(place[1]), id: (place[2] ?? '') as NoticeId };
}

export const noticeView = ({ id, titleZh, titleEn, bodyZh, bodyEn, postedAt }: NoticeRow, locale: Locale): NoticeView =>
  locale === 'zh-CN' ? { id, title: titleZh, body: bodyZh, postedAt } : { id, title: titleEn, body: bodyEn, postedAt };
