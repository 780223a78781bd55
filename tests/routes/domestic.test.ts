/** Mainland sending: what a tenant applies for, an operator decides, and a task or a request of the API may then use. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { ApprovalForm, ApprovalView } from '../../schema/approvals';
import type { TaskFormOptions } from '../../schema/console';
import { AppError } from '../../schema/errors';
import type { ApprovalId } from '../../schema/ids';
import { APPROVAL_FILE_MAX_BYTES } from '../../schema/limits';
import { bindOperatorServices } from '../../workers/http/operator-services';
import { bindServices } from '../../workers/http/services';
import { apiClient } from '../support/api-client';
import { makeOperator, type TestOperator } from '../support/operators';
import { act, checkedTask, contentOf, untilTask, uploadFile } from '../support/tasks';
import { makeWorld, type World } from '../support/world';
import { mailsTo } from '../support/world/mailbox';

const BODY = '{{name}}，新品今晚开售。回T退订';
const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);

let operator: TestOperator;
beforeAll(async () => {
  operator = await makeOperator();
});

const form = (changes: Partial<ApprovalForm>): ApprovalForm => ({
  kind: 'signature',
  traffic: 'marketing',
  name: '星河',
  body: '',
  note: '',
  files: [],
  ...changes,
});
const apply = ({ gateways, actor }: World, changes: Partial<ApprovalForm>): Promise<ApprovalId> =>
  bindServices(gateways).applyForApproval(actor, form(changes));
const refusedFields = async (work: Promise<unknown>): Promise<unknown> => {
  const thrown: unknown = await work.then(
    () => null,
    (error: unknown) => error,
  );
  return thrown instanceof AppError ? [thrown.code, ...thrown.fields.map(({ field, code }) => `${field}: ${code}`)] : thrown;
};
const decide = (id: ApprovalId, decision: 'approved' | 'refused', reason = ''): Promise<Response> =>
  operator.act('decide-approval', { id, decision, reason });

/** As an operator says so: departures are refused from then on. */
async function holdToApproved({ tenant }: World): Promise<void> {
  const settings = { tenant, name: 'Exact', enabled: true, creditMicros: 0, exactTemplates: true, masksBodies: false };
  expect((await operator.act('change-tenant', settings)).status).toBe(204);
}

/** A tenant that may send to the mainland. */
async function approvedWorld(): Promise<{ world: World; signature: ApprovalId; template: ApprovalId }> {
  const world = await makeWorld();
  const sender = await apply(world, { kind: 'sender', name: 'JINMU' });
  const signature = await apply(world, { name: '【星河】' });
  const template = await apply(world, { kind: 'template', name: '开售', body: BODY });
  for (const id of [sender, signature, template]) expect((await decide(id, 'approved')).status).toBe(204);
  return { world, signature, template };
}

describe('an application', () => {
  it('is refused with a reason, told by mail and notice, and both sides see its history', async () => {
    const world = await makeWorld({ locale: 'zh-CN' });
    const id = await apply(world, { files: [{ fileName: '营业执照.png', content: PNG.buffer }], note: '品牌名' });
    expect((await decide(id, 'refused')).status).toBe(400);
    expect((await decide(id, 'refused', '与营业执照不符')).status).toBe(204);
    expect((await decide(id, 'approved')).status).toBe(409);
    const own = await bindServices(world.gateways).approval(world.actor, id);
    const theirs = await (await operator.read('approval', { id })).json<ApprovalView>();
    expect({ ...theirs, history: [] }).toEqual({ ...own, history: [] });
    expect(own).toMatchObject({ state: 'refused', files: [{ n: 1, fileName: '营业执照.png', size: PNG.length }] });
    const [applied, refused] = [
      { action: 'applied', who: 'Test User' },
      { action: 'refused', reason: '与营业执照不符' },
    ];
    // Who of the service team it was is told to the service team only.
    expect(own.history).toMatchObject([applied, { ...refused, who: null }]);
    expect(theirs.history).toMatchObject([applied, { ...refused, who: 'Test Operator' }]);
    const [mail] = await mailsTo(world.email);
    expect([mail?.subject, mail?.body]).toEqual(['短信签名“星河”审核未通过', expect.stringContaining('与营业执照不符')]);
    expect(await (await world.fetch('/api/home')).text()).toContain('短信签名“星河”审核未通过');
  });

  it('waits in a queue whose oldest comes first, and is counted there until it is decided', async () => {
    const world = await makeWorld();
    const ids = [await apply(world, { name: '第一' }), await apply(world, { name: '第二' })];
    const { tenant } = world;
    const waiting = () => bindOperatorServices(world.gateways).waitingApprovals(operator.actor);
    const listed = async (wish: Readonly<Record<string, string>>) =>
      (await (await operator.read('approvals', { tenant, ...wish })).json<{ rows: { id: ApprovalId }[] }>()).rows.map(({ id }) => id);
    expect(await listed({ state: 'pending' })).toEqual(ids);
    expect(await listed({})).toEqual(ids.toReversed());
    const before = await waiting();
    for (const id of ids) await decide(id, 'approved');
    expect(await waiting()).toBe(before - ids.length);
    expect(await listed({ state: 'pending' })).toEqual([]);
  });

  it('comes with papers that only its tenant and the operators can fetch', async () => {
    const [world, other] = await Promise.all([makeWorld(), makeWorld()]);
    const id = await apply(world, { files: [{ fileName: 'licence.pdf.html', content: PNG.buffer }] });
    const path = `/api/approvals/${id}/files/1`;
    const file = await world.fetch(path);
    expect([file.headers.get('content-type'), file.headers.get('content-disposition')]).toEqual([
      'image/png',
      expect.stringContaining('attachment'),
    ]);
    expect(new Uint8Array(await file.arrayBuffer())).toEqual(PNG);
    expect((await operator.read(`approvals/${id}/files/1`)).status).toBe(200);
    expect((await world.fetch(`/api/operators/approvals/${id}/files/1`)).status).toBe(404);
    expect((await other.fetch(path)).status).toBe(404);
    expect((await world.fetch(`/api/approvals/${id}/files/2`)).status).toBe(404);
    expect(await refusedFields(bindServices(other.gateways).approval(other.actor, id))).toEqual(['not_found']);
    expect(await refusedFields(bindServices(other.gateways).withdrawApproval(other.actor, id))).toEqual(['not_found']);
  });

  it.each<[string, Partial<ApprovalForm>, string]>([
    ['no name', { name: ' ' }, 'name: required'],
    ['a signature of one character', { name: '星' }, 'name: signature_invalid'],
    ['a signature with brackets inside', { name: '星【河' }, 'name: signature_invalid'],
    ['a sender with a blank', { kind: 'sender', name: 'NO BLANK' }, 'name: sender_invalid'],
    ['a template without text', { kind: 'template', body: ' ' }, 'body: required'],
    ['a template with a signature of its own', { kind: 'template', body: '【星河】您好' }, 'body: signature_in_body'],
    ['a template with a broken variable', { kind: 'template', body: '您好{{first name}}' }, 'body: variable_syntax'],
    [
      'a paper of another kind',
      { files: [{ fileName: 'a.png', content: new TextEncoder().encode('<html>').buffer as ArrayBuffer }] },
      'files: file_kind',
    ],
    [
      'a paper that is too large',
      { files: [{ fileName: 'a.png', content: new ArrayBuffer(APPROVAL_FILE_MAX_BYTES + 1) }] },
      'files: file_too_large',
    ],
    ['too many papers', { files: Array.from({ length: 6 }, () => ({ fileName: 'a.png', content: PNG.buffer })) }, 'files: too_many'],
  ])('with %s is refused', async (_name, changes, expected) => {
    const world = await makeWorld();
    expect(await refusedFields(apply(world, changes))).toEqual(['invalid_request', expected]);
    expect((await bindServices(world.gateways).approvals(world.actor, {}, null)).rows).toEqual([]);
  });

  it('is not for viewers', async () => {
    const world = await makeWorld({ role: 'viewer' });
    expect(await refusedFields(apply(world, {}))).toEqual(['forbidden']);
  });
});

describe('a domestic task', () => {
  it('is offered only what is approved for marketing, and no longer what was withdrawn', async () => {
    const { world, signature } = await approvedWorld();
    await apply(world, { name: '还没审' });
    const codes = await apply(world, { name: '验证码', traffic: 'transactional' });
    await decide(codes, 'approved');
    const offered = async () => (await (await world.fetch('/api/task-form')).json<TaskFormOptions>()).domestic;
    expect((await offered()).signatures).toEqual([{ id: signature, name: '星河' }]);
    await bindServices(world.gateways).withdrawApproval(world.actor, signature);
    expect((await offered()).signatures).toEqual([]);
  });

  it('takes only +86, puts the signature in front once and counts it, and marks departures', async () => {
    const { world, signature, template } = await approvedWorld();
    const file = 'phone,name\n+8613900139001,王\n+6591234567,Tan\n+8613900139002,李\n';
    const text = BODY.replace('今晚', '明晚').replace('回T退订', '');
    const view = await checkedTask(world, file, { text, domestic: { signature, template } });
    expect(view.check.totals).toMatchObject({ rows: 3, valid: 2, byRejection: { not_mainland: 1 } });
    expect(view.preview).toBe('【星河】王，新品明晚开售。');
    expect(view.domestic).toMatchObject({ signature: '星河', template: '开售', departs: true, lacksOptOut: true });
    expect(view.domestic?.departures.filter(({ kind }) => kind !== 'same').map(({ text: piece }) => piece)).toEqual([
      '今',
      '明',
      '回T退订',
    ]);
    const bad = await (
      await world.fetch(`/api/tasks/${view.settings.task}/exceptions`)
    ).json<{ rows: { row: number; reason: string }[] }>();
    expect(bad.rows).toMatchObject([{ row: 3, reason: 'Not a number of mainland China (+86)' }]);
    const signedAlready = await checkedTask(world, file, { text: `【星河】${BODY}`, domestic: { signature, template } });
    expect(signedAlready.preview).toBe('【星河】王，新品今晚开售。回T退订');
    expect(signedAlready.domestic).toMatchObject({ departs: false, lacksOptOut: false });
  });

  it('counts the part that the signature makes necessary', async () => {
    const { world, signature, template } = await approvedWorld();
    const text = '好'.repeat(70);
    const file = 'phone\n+8613900139001\n';
    const plain = await checkedTask(world, file, { text });
    const withSignature = await checkedTask(world, file, { text, domestic: { signature, template } });
    expect([plain.check.totals.parts, withSignature.check.totals.parts]).toEqual([1, 2]);
  });

  it('refuses what is not approved, and departures where an operator said so', async () => {
    const { world, signature, template } = await approvedWorld();
    const upload = await uploadFile(world, 'phone\n+8613900139001\n');
    const create = async (changes: object): Promise<unknown> => {
      const answer = await world.fetch('/api/tasks', { json: contentOf(world, { upload, text: BODY, ...changes }) });
      return answer.status === 201
        ? 201
        : (await answer.json<{ errors: { field: string; code: string }[] }>()).errors.map(({ field, code }) => `${field}: ${code}`);
    };
    const nobody = 'ap_NOBODY' as ApprovalId;
    expect(await create({ domestic: { signature: nobody, template: nobody }, sender: 'Other' })).toEqual([
      'sender: not_approved',
      'signature: not_approved',
      'template: not_approved',
    ]);
    const other = await approvedWorld();
    expect(await create({ domestic: { signature: other.signature, template } })).toEqual(['signature: not_approved']);
    expect(await create({ domestic: { signature, template }, text: '【别家】您好' })).toEqual(['text: signature_in_body']);
    await holdToApproved(world);
    expect(await create({ domestic: { signature, template }, text: `${BODY}!` })).toEqual(['text: departs_from_template']);
    expect(await create({ domestic: { signature, template } })).toBe(201);
  });

  it('is not sent any more once what was approved is withdrawn: not when it is confirmed, nor when its time comes', async () => {
    const { world, signature, template } = await approvedWorld();
    const file = 'phone,name\n+8613900139001,王\n';
    const [late, planned] = [
      (await checkedTask(world, file, { text: BODY, domestic: { signature, template } })).settings.task,
      (await checkedTask(world, file, { text: BODY, domestic: { signature, template } })).settings.task,
    ];
    expect((await act(world, planned, 'confirm', { startsAt: Date.now() + 800 })).status).toBe(204);
    await bindServices(world.gateways).withdrawApproval(world.actor, template);
    const refused = await act(world, late, 'confirm');
    expect([refused.status, (await refused.json<{ code: string }>()).code]).toEqual([409, 'approval_gone']);
    expect(await untilTask(world, planned, 'paused')).toMatchObject({ startedAt: null, hindrance: 'approval_gone' });
  });
});

describe('an international task to +86', () => {
  const file = 'phone,name\n+8613900139001,王\n+6591234567,Tan\n';

  it('is no way round the approval where an operator asks for approved texts', async () => {
    const { world } = await approvedWorld();
    expect((await checkedTask(world, file)).check.totals).toMatchObject({ valid: 2, byRejection: {} });
    await holdToApproved(world);
    const view = await checkedTask(world, file, { text: `【星河】${BODY}` });
    expect(view.check.totals).toMatchObject({ rows: 2, valid: 1, byRejection: { mainland_task: 1 } });
    const bad = await (
      await world.fetch(`/api/tasks/${view.settings.task}/exceptions`)
    ).json<{ rows: { row: number; reason: string }[] }>();
    expect(bad.rows).toMatchObject([{ row: 2, reason: 'Numbers of mainland China (+86) belong to a mainland task' }]);
  });
});

describe('the API to the mainland', () => {
  it('takes approved texts only where an operator said so, and other countries as ever', async () => {
    const { world } = await approvedWorld();
    await holdToApproved(world);
    const send = (text: string, to: string, from = 'JINMU') =>
      apiClient(world.marketing).call<{ messages: unknown[]; rejected: { code: string }[] }>('POST', '/v1/messages', { from, to, text });
    expect((await send('【星河】王，新品今晚开售。回T退订', '+8613900139001')).body.messages.length).toBe(1);
    for (const [text, from] of [
      ['王，新品今晚开售。回T退订', 'JINMU'],
      ['【别家】王，新品今晚开售。回T退订', 'JINMU'],
      ['【星河】王，新品明晚开售。回T退订', 'JINMU'],
      ['【星河】王，新品今晚开售。回T退订', 'Other'],
    ] as const) {
      expect((await send(text, '+8613900139002', from)).body.rejected).toMatchObject([{ code: 'not_approved' }]);
    }
    expect((await send('Anything', '+6591234567')).body.messages.length).toBe(1);
    const codes = await apiClient(world.transactional).call<{ rejected: { code: string }[] }>('POST', '/v1/messages', {
      from: 'JINMU',
      to: '+8613900139003',
      text: '【星河】王，新品今晚开售。回T退订',
    });
    expect(codes.body.rejected).toMatchObject([{ code: 'not_approved' }]);
  });

  it('takes every text of a tenant without that setting', async () => {
    const world = await makeWorld();
    const answer = await apiClient(world.marketing).call<{ messages: unknown[] }>('POST', '/v1/messages', {
      from: 'JINMU',
      to: '+8613900139001',
      text: 'Hello',
    });
    expect(answer.body.messages.length).toBe(1);
  });
});
