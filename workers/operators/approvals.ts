/** The approval queue: an operator's word on what a tenant applied for, told by mail and notice. */
import { AppError } from '../../schema/errors';
import { newNoticeId, type ApprovalId } from '../../schema/ids';
import type { Operator } from '../../schema/operators';
import type { Gateways } from '../gateways';
import { sendMail } from '../gateways/mail';
import { findApproval, moveApproval, type ApprovalRow } from '../gateways/stores/approvals';
import { addNotice } from '../gateways/stores/notices';
import { findUser } from '../gateways/stores/users';
import { decidedTexts } from '../tenancy/approval-texts';
import { auditOperator } from './audit';

const REASON_MAX = 500;

/** @throws not_found; conflict when it was decided or withdrawn before; invalid_request on `reason` of a refusal without any */
export async function decideApproval(
  gateways: Pick<Gateways, 'env' | 'database'>,
  operator: Operator,
  id: ApprovalId,
  decision: 'approved' | 'refused',
  reason: string,
  now: number,
): Promise<void> {
  const found = await findApproval(gateways.database, null, id);
  if (!found) throw new AppError('not_found');
  const text = reason.trim();
  if (decision === 'refused' && text === '') throw new AppError('invalid_request', { fields: [{ field: 'reason', code: 'required' }] });
  if (text.length > REASON_MAX)
    throw new AppError('invalid_request', { fields: [{ field: 'reason', code: 'too_long', details: { max: REASON_MAX } }] });
  // What was approved may be refused later: a carrier may have changed its mind.
  const from = found.row.state === 'approved' && decision === 'refused' ? 'approved' : 'pending';
  if (!(await moveApproval(gateways.database, id, from, decision, text, now))) throw new AppError('conflict');
  const { tenantId: tenant, state } = found.row;
  const deed = { action: 'approval_decided', tenant, subject: id, before: { state }, after: { state: decision, reason: text } } as const;
  await auditOperator(gateways, operator, deed, now);
  await tell(gateways, found.row, decision, text, now);
}

async function tell(
  gateways: Pick<Gateways, 'env' | 'database'>,
  row: ApprovalRow,
  decision: 'approved' | 'refused',
  reason: string,
  now: number,
): Promise<void> {
  const { zh, en } = decidedTexts(row, decision, reason);
  await addNotice(gateways.database, {
    id: newNoticeId(),
    tenantId: row.tenantId,
    approvalId: row.id,
    titleZh: zh.subject,
    titleEn: en.subject,
    bodyZh: zh.text,
    bodyEn: en.text,
    postedAt: now,
  });
  const user = await findUser(gateways.database, row.userId);
  if (!user?.enabled) return;
  const told = user.locale === 'zh-CN' ? zh : en;
  const link = `${gateways.env.PUBLIC_URL}/approvals/${row.id}`;
  try {
    await sendMail(gateways, { to: user.email, subject: told.subject, text: `${told.text}\n\n${link}\n` }, now);
  } catch (thrown) {
    // It is decided and the notice stands; a mail that could not leave must not undo that.
    console.error(JSON.stringify({ approval: row.id, mail: thrown instanceof Error ? thrown.name : typeof thrown }));
  }
}
