/** What operators tell a tenant, as its users read it. */
import type { Actor, NoticeView, Page } from '../../schema/console';
import type { Locale } from '../../schema/states';
import type { Gateways } from '../gateways';
import { noticePage, noticesSeen, type NoticeRow } from '../gateways/stores/notices';
import { pageOf, readPlace } from '../rules/list-place';

/** Newest first; with the first page they count as seen. @throws AppError invalid_request naming `cursor` */
export async function readNotices(
  { database }: Pick<Gateways, 'database'>,
  actor: Actor,
  cursor: string | null,
  limit: number,
): Promise<Page<NoticeView>> {
  const found = await noticePage(database, actor.tenant, readPlace(cursor), limit + 1);
  const page = pageOf(found, limit, ({ postedAt: at, id }) => ({ at, id }));
  const [newest] = page.rows;
  if (cursor === null && newest) await noticesSeen(database, actor.user, newest.postedAt);
  return { ...page, rows: page.rows.map((row) => noticeView(row, actor.locale)) };
}

export const noticeView = ({ id, titleZh, titleEn, bodyZh, bodyEn, postedAt }: NoticeRow, locale: Locale): NoticeView =>
  locale === 'zh-CN' ? { id, title: titleZh, body: bodyZh, postedAt } : { id, title: titleEn, body: bodyEn, postedAt };
