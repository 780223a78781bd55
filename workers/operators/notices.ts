/** What operators tell everybody, or one tenant. */
import type { Page } from '../../schema/console';
import { AppError, type FieldError } from '../../schema/errors';
import { newNoticeId, type NoticeId } from '../../schema/ids';
import { PAGE_ROWS } from '../../schema/limits';
import type { NoticeForm, Operator, PostedNotice } from '../../schema/operators';
import type { Gateways } from '../gateways';
import { addNotice } from '../gateways/stores/notices';
import { dropNotice, findTenant, writtenNotices } from '../gateways/stores/service-desk';
import { pageOf, readPlace } from '../rules/list-place';
import { auditOperator } from './audit';

type Needed = Pick<Gateways, 'database'>;
const MAX = { titleZh: 100, titleEn: 100, bodyZh: 2_000, bodyEn: 2_000 } as const;

/** Newest first. What tells of approvals stands with the approvals. */
export async function operatorNotices({ database }: Needed, cursor: string | null): Promise<Page<PostedNotice>> {
  const found = await writtenNotices(database, readPlace(cursor), PAGE_ROWS + 1);
  const rows = found.map(({ id, tenantId, titleZh, titleEn, bodyZh, bodyEn, postedAt }) => ({
    id,
    tenant: tenantId,
    titleZh,
    titleEn,
    bodyZh,
    bodyEn,
    postedAt,
  }));
  return pageOf(rows, PAGE_ROWS, ({ postedAt: at, id }) => ({ at, id }));
}

export async function postNotice(gateways: Needed, operator: Operator, form: NoticeForm, now: number): Promise<NoticeId> {
  const { tenant, titleZh, titleEn, bodyZh, bodyEn } = form;
  const texts = { titleZh: titleZh.trim(), titleEn: titleEn.trim(), bodyZh: bodyZh.trim(), bodyEn: bodyEn.trim() };
  const wrong = Object.entries(MAX).flatMap(([field, max]): FieldError[] => {
    const text = texts[field as keyof typeof texts];
    if (text === '') return [{ field, code: 'required' }];
    return text.length > max ? [{ field, code: 'too_long', details: { max } }] : [];
  });
  if (tenant !== null && !(await findTenant(gateways.database, tenant))) wrong.push({ field: 'tenant', code: 'not_found' });
  if (wrong.length > 0) throw new AppError('invalid_request', { fields: wrong });
  const id = newNoticeId();
  await addNotice(gateways.database, { ...texts, id, tenantId: tenant, postedAt: now });
  await auditOperator(gateways, operator, { action: 'notice_posted', tenant, subject: id, after: { titleEn: texts.titleEn } }, now);
  return id;
}

export async function removeNotice(gateways: Needed, operator: Operator, id: NoticeId, now: number): Promise<void> {
  const dropped = await dropNotice(gateways.database, id);
  if (!dropped) throw new AppError('not_found');
  const { tenantId: tenant, titleEn } = dropped;
  await auditOperator(gateways, operator, { action: 'notice_removed', tenant, subject: id, before: { titleEn } }, now);
}
