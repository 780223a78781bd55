/** What a tenant applies for before it may send to the mainland: senders, signatures, templates, with papers. */
import type { ApprovalFile, ApprovalForm, ApprovalItem, ApprovalQueueItem, ApprovalView, DomesticOptions } from '../../schema/approvals';
import { maySend, type Actor, type Page } from '../../schema/console';
import { AppError, type FieldError } from '../../schema/errors';
import { newApprovalId, type ApprovalId, type TenantId } from '../../schema/ids';
import { APPROVAL_FILES, APPROVAL_FILE_MAX_BYTES, PAGE_ROWS, SIGNATURE_MAX, SIGNATURE_MIN, TEXT_MAX_CHARACTERS } from '../../schema/limits';
import { APPROVAL_KINDS, TRAFFIC_KINDS } from '../../schema/states';
import { approvalFileKey } from '../../schema/storage-keys';
import type { Gateways } from '../gateways';
import {
  addApproval,
  approvalHistory,
  approvalPage,
  approvedOf,
  filesOfApproval,
  findApproval,
  isExact,
  moveApproval,
  type ApprovalRow,
  type ApprovalWish,
} from '../gateways/stores/approvals';
import { recordAudit } from '../gateways/stores/audit';
import { pageOf, readPlace } from '../rules/list-place';
import { paperType } from '../rules/paper-type';
import { signatureName } from '../rules/mainland';
import { parseSender } from '../rules/sender';
import { malformedVariables } from '../rules/text-variables';

const NAME_MAX = 60;
const NOTE_MAX = 500;
const FILE_NAME_MAX = 120;

const approvalItem = ({ id, kind, traffic, name, body, state, createdAt, updatedAt }: ApprovalRow): ApprovalItem => ({
  id,
  kind,
  traffic,
  name,
  body,
  state,
  createdAt,
  updatedAt,
});

/** Those that wait oldest first, where only they are asked for; else newest first. */
export async function listApprovals(
  { database }: Pick<Gateways, 'database'>,
  wish: ApprovalWish,
  cursor: string | null,
): Promise<Page<ApprovalQueueItem>> {
  const found = await approvalPage(database, wish, readPlace(cursor), PAGE_ROWS + 1);
  const items = found.map(({ row, tenantName }) => ({ ...approvalItem(row), tenantName }));
  return pageOf(items, PAGE_ROWS, ({ createdAt: at, id }) => ({ at, id }));
}

/** @param tenant null for operators. @throws not_found */
export async function showApproval(
  { database }: Pick<Gateways, 'database'>,
  tenant: TenantId | null,
  id: ApprovalId,
): Promise<ApprovalView> {
  const found = await findApproval(database, tenant, id);
  if (!found) throw new AppError('not_found');
  const [history, files] = await Promise.all([approvalHistory(database, found.row), filesOfApproval(database, id)]);
  return {
    ...approvalItem(found.row),
    tenant: found.row.tenantId,
    tenantName: found.tenantName,
    note: found.row.note,
    files: files.map(({ n, fileName, size }) => ({ n, fileName, size })),
    history: history.map(({ userName, operatorName, ...event }) => ({
      ...event,
      // Names of the service team are for the service team.
      who: tenant === null ? (operatorName ?? userName) : userName,
    })),
  };
}

/** @throws not_found */
export async function readApprovalFile(
  { database, files }: Pick<Gateways, 'database' | 'files'>,
  tenant: TenantId | null,
  id: ApprovalId,
  n: number,
): Promise<ApprovalFile> {
  const found = await findApproval(database, tenant, id);
  const file = found && (await filesOfApproval(database, id)).find((one) => one.n === n);
  const stored = found && file && (await files.stream(approvalFileKey(found.row.tenantId, id, n)));
  if (!stored) throw new AppError('not_found');
  return { fileName: file.fileName, contentType: file.contentType, body: stored.body };
}

/** The papers are in R2 before anybody sees the application. @throws invalid_request naming every field that is wrong */
export async function applyForApproval(
  gateways: Pick<Gateways, 'database' | 'files'>,
  actor: Actor,
  form: ApprovalForm,
  now: number,
): Promise<ApprovalId> {
  if (!maySend(actor)) throw new AppError('forbidden');
  const name = form.kind === 'signature' ? signatureName(form.name) : form.name.trim();
  const body = form.kind === 'template' ? form.body.replaceAll('\r\n', '\n') : '';
  const papers = form.files.map(({ fileName, content }) => ({
    fileName: fileName.slice(-FILE_NAME_MAX),
    content: new Uint8Array(content),
    contentType: paperType(new Uint8Array(content)),
  }));
  const wrong = [...formErrors(form, name, body), ...fileErrors(papers)];
  if (wrong.length > 0) throw new AppError('invalid_request', { fields: wrong });
  const id = newApprovalId();
  const { tenant, user, address } = actor;
  for (const [at, { content }] of papers.entries()) await gateways.files.write(approvalFileKey(tenant, id, at + 1), content);
  await addApproval(
    gateways.database,
    {
      id,
      tenantId: tenant,
      userId: user,
      kind: form.kind,
      traffic: form.traffic,
      name,
      body,
      note: form.note.trim(),
      state: 'pending',
      createdAt: now,
      updatedAt: now,
    },
    papers.map(({ fileName, contentType, content }, at) => ({
      approvalId: id,
      n: at + 1,
      fileName,
      contentType: contentType ?? '',
      size: content.byteLength,
    })),
  );
  await recordAudit(gateways.database, { tenantId: tenant, userId: user, action: 'approval_applied', subject: id, address, at: now });
  return id;
}

function formErrors({ kind, traffic, note }: ApprovalForm, name: string, body: string): FieldError[] {
  const wrong: FieldError[] = [];
  if (!APPROVAL_KINDS.includes(kind)) wrong.push({ field: 'kind', code: 'invalid' });
  if (!TRAFFIC_KINDS.includes(traffic)) wrong.push({ field: 'traffic', code: 'invalid' });
  if (name === '') wrong.push({ field: 'name', code: 'required' });
  else if (kind === 'sender' && !parseSender(name).ok) wrong.push({ field: 'name', code: 'sender_invalid' });
  else if (kind === 'signature' && (/[【】\s]/.test(name) || !isSignatureLong(name)))
    wrong.push({ field: 'name', code: 'signature_invalid' });
  else if (name.length > NAME_MAX) wrong.push({ field: 'name', code: 'too_long', details: { max: NAME_MAX } });
  if (note.length > NOTE_MAX) wrong.push({ field: 'note', code: 'too_long', details: { max: NOTE_MAX } });
  if (kind !== 'template') return wrong;
  if (body.trim() === '') wrong.push({ field: 'body', code: 'required' });
  else if (body.length > TEXT_MAX_CHARACTERS) wrong.push({ field: 'body', code: 'too_long', details: { max: TEXT_MAX_CHARACTERS } });
  else if (/[【】]/.test(body)) wrong.push({ field: 'body', code: 'signature_in_body' });
  else if (malformedVariables(body).length > 0) wrong.push({ field: 'body', code: 'variable_syntax' });
  return wrong;
}

const isSignatureLong = (name: string): boolean => {
  const length = Array.from(name).length;
  return length >= SIGNATURE_MIN && length <= SIGNATURE_MAX;
};

/** What a file is says its beginning, never its name. */
function fileErrors(papers: readonly { readonly content: Uint8Array; readonly contentType: string | null }[]): FieldError[] {
  if (papers.length > APPROVAL_FILES) return [{ field: 'files', code: 'too_many', details: { max: APPROVAL_FILES } }];
  if (papers.some(({ content }) => content.byteLength > APPROVAL_FILE_MAX_BYTES)) return [{ field: 'files', code: 'file_too_large' }];
  return papers.some(({ contentType }) => contentType === null) ? [{ field: 'files', code: 'file_kind' }] : [];
}

/** Taken back before it is decided, or given up after it was approved. @throws not_found, conflict */
export async function withdrawApproval(gateways: Pick<Gateways, 'database'>, actor: Actor, id: ApprovalId, now: number): Promise<void> {
  if (!maySend(actor)) throw new AppError('forbidden');
  const { tenant, user, address } = actor;
  const found = await findApproval(gateways.database, tenant, id);
  if (!found) throw new AppError('not_found');
  const { state } = found.row;
  if (state !== 'pending' && state !== 'approved') throw new AppError('conflict');
  if (!(await moveApproval(gateways.database, id, state, 'withdrawn', '', now))) throw new AppError('conflict');
  await recordAudit(gateways.database, { tenantId: tenant, userId: user, action: 'approval_withdrawn', subject: id, address, at: now });
}

/** Tasks are marketing: what was approved for transactional use is not among these. */
export async function domesticOptions({ database }: Pick<Gateways, 'database'>, tenant: TenantId): Promise<DomesticOptions> {
  const [approved, exact] = await Promise.all([approvedOf(database, tenant, 'marketing'), isExact(database, tenant)]);
  const of = (kind: ApprovalRow['kind']) => approved.filter((row) => row.kind === kind);
  return {
    senders: of('sender').map(({ id, name }) => ({ id, value: name })),
    signatures: of('signature').map(({ id, name }) => ({ id, name })),
    templates: of('template').map(({ id, name, body }) => ({ id, name, body })),
    exact,
  };
}
