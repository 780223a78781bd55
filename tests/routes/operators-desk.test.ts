/** The service team's desk: accounts opened, limited, priced and paid for; every change recorded, no secret ever. */
import { and, eq, isNotNull } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LedgerLine, Page } from '../../schema/console';
import { newNoticeId, type ApprovalId, type TenantId } from '../../schema/ids';
import { PAGE_ROWS } from '../../schema/limits';
import type { CarrierItem, KeyItem, PostedNotice, PricePreview, TenantView, UserItem } from '../../schema/operators';
import { auditLog } from '../../schema/tables';
import { addNotice } from '../../workers/gateways/stores/notices';
import { accountsOfKey } from '../../workers/gateways/stores/carrier-accounts';
import { OPERATOR_CALLS, OPERATOR_READS } from '../../workers/http/operator-calls';
import { bindServices } from '../../workers/http/services';
import { makeOperator, type TestOperator } from '../support/operators';
import { makeWorld, PASSWORD, request, worldGateways, type World } from '../support/world';
import { codeTo, mailsTo } from '../support/world/mailbox';

let operator: TestOperator;
let world: World;
beforeAll(async () => {
  [operator, world] = await Promise.all([makeOperator(), makeWorld()]);
});

interface Problem {
  code: string;
  errors: { field: string; code: string }[];
}
const refusal = async (answer: Response): Promise<unknown> => {
  const { code, errors } = await answer.json<Problem>();
  return [answer.status, code, ...errors.map(({ field, code: why }) => `${field}: ${why}`)];
};
const recorded = (tenant: TenantId) =>
  worldGateways()
    .database.select()
    .from(auditLog)
    .where(and(eq(auditLog.tenantId, tenant), isNotNull(auditLog.operatorId)))
    .orderBy(auditLog.id);

const NEW_TENANT = { name: '新客户', ownerName: 'Wang Fang', phones: ['+86 139 0000 1234'], locale: 'en', creditMicros: 0 };

describe('a tenant', () => {
  it('is opened with an owner whose first password comes by mail and must be changed', async () => {
    const email = 'first-owner@new.example';
    const opened = await operator.act('open-tenant', { ...NEW_TENANT, email });
    const { tenant } = await opened.json<{ tenant: TenantId }>();
    const [mail] = await mailsTo(email);
    const password = /[a-z0-9]{4}(?:-[a-z0-9]{4}){3}/.exec(mail?.body ?? '')?.[0] ?? '';
    const signIn = await request('/api/session', { json: { email, password } });
    expect(signIn.status).toBe(200);
    const users = await (await operator.read('users', { tenant })).json<{ rows: UserItem[] }>();
    expect(users.rows).toMatchObject([{ email, role: 'owner', enabled: true, phones: ['+86 139 0000 1234'] }]);
    const entries = await recorded(tenant);
    expect(entries).toMatchObject([{ action: 'tenant_opened', operatorId: operator.id, after: { name: '新客户' } }]);
    expect(JSON.stringify(entries)).not.toContain(password);
  });

  it('is not opened with a login that signs somebody in already, and nothing is left of it', async () => {
    const name = 'Never opened';
    const answer = await operator.act('open-tenant', { ...NEW_TENANT, name, phones: [], email: world.email.toUpperCase() });
    expect(await refusal(answer)).toEqual([400, 'invalid_request', 'email: taken']);
    expect(await (await operator.read('tenants', { name })).json()).toMatchObject({ rows: [] });
  });

  it('is found by any part of its name, whatever stands in it', async () => {
    const name = `100%_${'星河出海（深圳）国际贸易'.repeat(4)}`;
    await operator.act('open-tenant', { ...NEW_TENANT, name, phones: [], email: 'percent@new.example' });
    for (const part of ['100%_', '星河出海（深圳）国际贸易'.repeat(3)]) {
      const { rows } = await (await operator.read('tenants', { name: part })).json<Page<TenantView>>();
      expect(rows.map((row) => row.name)).toEqual([name]);
    }
  });

  it('that is switched off is out at once', async () => {
    const other = await makeWorld();
    const settings = { tenant: other.tenant, name: 'Off', enabled: false, creditMicros: 0, exactTemplates: false, masksBodies: true };
    expect((await operator.act('change-tenant', settings)).status).toBe(204);
    expect((await other.fetch('/api/me')).status).toBe(401);
    const entries = await recorded(other.tenant);
    expect(entries).toMatchObject([{ action: 'tenant_changed', before: { enabled: true }, after: { enabled: false } }]);
  });

  it('pays from its balance, and below zero as far as its credit goes', async () => {
    const poor = await makeWorld({ balanceMicros: 1_000_000 });
    const ledger = poor.gateways.objects.ledger(poor.tenant);
    expect((await operator.act('top-up', { tenant: poor.tenant, micros: 2_000_000, reference: 'INV-1' })).status).toBe(204);
    const again = await operator.act('top-up', { tenant: poor.tenant, micros: 2_000_000, reference: 'INV-1' });
    expect(await refusal(again)).toEqual([400, 'invalid_request', 'reference: taken']);
    const settings = {
      tenant: poor.tenant,
      name: 'Poor',
      enabled: true,
      creditMicros: 5_000_000,
      exactTemplates: false,
      masksBodies: true,
    };
    await operator.act('change-tenant', settings);
    const view = await (await operator.read('tenant', { tenant: poor.tenant })).json<TenantView>();
    expect(view).toMatchObject({ balanceMicros: 3_000_000, availableMicros: 8_000_000, creditMicros: 5_000_000, masksBodies: true });
    const { rows } = await (await operator.read('ledger', { tenant: poor.tenant })).json<Page<LedgerLine>>();
    expect(rows[0]).toMatchObject({ reference: 'INV-1', kind: 'top_up', micros: 2_000_000, task: null, key: null });
    expect(await ledger.reserve('test', 8_000_000)).toEqual({ ok: true });
    expect(await ledger.reserve('more', 1)).toEqual({ ok: false, availableMicros: 0 });
  });

  it('sends as the senders that are bound to it', async () => {
    const { tenant } = world;
    expect((await operator.act('bind-sender', { tenant, sender: 'NewName' })).status).toBe(204);
    expect(await refusal(await operator.act('bind-sender', { tenant, sender: 'NewName' }))).toEqual([
      400,
      'invalid_request',
      'sender: taken',
    ]);
    expect(await refusal(await operator.act('bind-sender', { tenant, sender: 'No Blanks' }))).toEqual([
      400,
      'invalid_request',
      'sender: sender_invalid',
    ]);
    const { senders } = await (await operator.read('tenant', { tenant })).json<TenantView>();
    const bound = senders.find(({ value }) => value === 'NewName');
    expect((await operator.act('unbind-sender', { tenant, sender: bound?.id ?? '' })).status).toBe(204);
    const elsewhere = await makeWorld();
    const answer = await operator.act('unbind-sender', { tenant: elsewhere.tenant, sender: senders[0]?.id ?? '' });
    expect(answer.status).toBe(404);
  });
});

describe('users', () => {
  it('get another e-mail, which both addresses are told; what was signed in with the old one is over', async () => {
    const { tenant, addUser } = await makeWorld();
    const { actor, email: before, cookie } = await addUser({ role: 'viewer' });
    const email = `moved-${before}`;
    const change = { tenant, user: actor.user, name: 'Moved', department: '', role: 'viewer', enabled: true };
    const taken = await operator.act('change-user', { ...change, email: world.email });
    expect(await refusal(taken)).toEqual([400, 'invalid_request', 'email: taken']);
    const signedIn = await request('/api/session', { json: { email: before, password: PASSWORD } });
    const { challenge } = await signedIn.json<{ challenge: string }>();
    const code = await codeTo(before);
    expect((await operator.act('change-user', { ...change, email: ` ${email.toUpperCase()} ` })).status).toBe(204);
    expect((await request('/api/me', { headers: { cookie } })).status).toBe(401);
    // A code that was sent to the old address opens nothing any more.
    expect((await request('/api/session/code', { json: { challenge, code } })).status).toBe(401);
    const signIn = async (login: string): Promise<string> =>
      (await (await request('/api/session', { json: { email: login, password: PASSWORD } })).json<Problem>()).code;
    // The new address is that of the account, which was sent a code a moment ago.
    expect([await signIn(email), await signIn(before)]).toEqual(['code_too_soon', 'sign_in_refused']);
    for (const address of [before, email]) {
      const mails = await mailsTo(address);
      expect(mails.some(({ body }) => body.includes(`you sign in with ${email} from now on`))).toBe(true);
    }
    const entries = JSON.stringify(await recorded(tenant));
    expect(entries).not.toContain(email);
  });

  it('keep the session in which an owner changes their own e-mail', async () => {
    const { gateways, actor, fetch: ask } = await makeWorld();
    const form = { name: 'Owner', department: '', role: 'owner', enabled: true, phones: null, email: `new-${actor.email}` } as const;
    await bindServices(gateways).changeUser(actor, actor.user, form);
    expect(await (await ask('/api/me')).json()).toMatchObject({ email: form.email });
  });

  it('are added, changed and shut out; the last owner stays one', async () => {
    const { tenant, actor } = world;
    const email = 'viewer@world.example';
    const form = { tenant, name: 'Viewer', department: '', role: 'viewer', email, phones: [] };
    const { user } = await (await operator.act('add-user', form)).json<{ user: string }>();
    expect((await mailsTo(email)).length).toBe(1);
    const change = { tenant, user, name: 'Viewer', department: 'Finance', role: 'sender', enabled: true, phones: ['+85261230001'] };
    expect((await operator.act('change-user', change)).status).toBe(204);
    const taken = await operator.act('change-user', { ...change, user: actor.user, role: 'owner' });
    expect(await refusal(taken)).toEqual([400, 'invalid_request', 'phones: taken']);
    const alone = await operator.act('change-user', { ...change, user: actor.user, phones: null });
    expect(await refusal(alone)).toEqual([409, 'last_owner']);
    expect((await operator.act('renew-password', { tenant, user })).status).toBe(204);
    expect((await mailsTo(email)).length).toBe(2);
    const elsewhere = await makeWorld();
    expect((await operator.act('renew-password', { tenant: elsewhere.tenant, user })).status).toBe(404);
  });
});

describe('keys and carriers', () => {
  it('a key is made, limited and switched off; its secret is told once and never recorded', async () => {
    const { tenant } = world;
    const carrierAccounts = [world.carrierAccount];
    const made = await operator.act('make-key', { tenant, name: 'Shop', kind: 'transactional', carrierAccounts, perSecond: 10 });
    const { baseKey, secret } = await made.json<{ baseKey: string; secret: string }>();
    const balance = () => request('/v1/balance', { headers: { authorization: `Bearer ${baseKey}:${secret}` } });
    expect((await balance()).status).toBe(200);
    const change = { tenant, key: baseKey, name: 'Shop', carrierAccounts, perSecond: 5, enabled: false, dailyMessages: 100 };
    expect((await operator.act('change-key', change)).status).toBe(204);
    expect((await balance()).status).toBe(403);
    const { rows } = await (await operator.read('keys', { tenant })).json<{ rows: KeyItem[] }>();
    expect(rows.find(({ id }) => id === baseKey)).toMatchObject({
      perSecond: 5,
      enabled: false,
      dailyMessages: 100,
      dailySpendMicros: null,
    });
    const open = await operator.act('change-key', { ...change, enabled: true, noSecret: true });
    expect(await refusal(open)).toEqual([400, 'invalid_request', 'ipAllowlist: required']);
    expect(JSON.stringify(await recorded(tenant))).not.toContain(secret);
  });

  it('a carrier account is switched off once every key has another that is on, and carries nothing then', async () => {
    const { tenant, marketing, transactional, test: testKey, carrierAccount, gateways } = await makeWorld();
    const account = { name: 'Simulator', apiKey: 'abc', perSecond: 30 };
    const off = () => operator.act('save-carrier', { ...account, id: carrierAccount, enabled: false });
    expect(await refusal(await off())).toEqual([400, 'invalid_request', 'enabled: last_carrier']);
    const { id: other } = await (await operator.act('save-carrier', { ...account, apiSecret: 'x' })).json<{ id: CarrierItem['id'] }>();
    const bind = (key: string, carrierAccounts: readonly string[]) =>
      operator.act('change-key', { tenant, key, name: 'Bound', carrierAccounts, perSecond: 5, enabled: true });
    for (const key of [marketing, transactional, testKey]) await bind(key.id, [carrierAccount, other]);
    expect((await off()).status).toBe(200);
    // Each isolate remembers accounts for a minute: these were not asked for before.
    expect(await accountsOfKey(gateways, marketing.id, carrierAccount)).toEqual([{ id: other, perSecond: 30 }]);
    expect(await refusal(await bind(marketing.id, [carrierAccount]))).toEqual([400, 'invalid_request', 'carrierAccounts: carrier_off']);
  });

  it('a carrier account is tried with its own credentials, and shows neither of its secrets', async () => {
    const form = { name: 'Fresh', apiKey: 'fresh-key', apiSecret: 'Very-Secret-1', signatureSecret: 'Very-Secret-2', perSecond: 20 };
    const saved = await operator.act('save-carrier', { ...form, restHost: 'http://127.0.0.1:9' });
    const { id } = await saved.json<{ id: string }>();
    const listed = await (await operator.read('carriers')).text();
    expect((JSON.parse(listed) as { rows: CarrierItem[] }).rows.some((row) => row.id === id)).toBe(true);
    expect(listed).not.toContain('Very-Secret');
    expect(await (await operator.act('test-carrier', { id })).json()).toEqual({ ok: false, status: null });
    const entries = await worldGateways().database.select().from(auditLog).where(eq(auditLog.subject, id));
    expect(entries.map(({ action }) => action)).toEqual(['carrier_saved', 'carrier_tested']);
    expect(JSON.stringify(entries)).not.toContain('Very-Secret');
  });
});

describe('prices', () => {
  it('are looked at before they are taken, all or none, and apply to the tenant they are for', async () => {
    const { tenant } = world;
    const csv = 'country,price\r\nSG,0.05\r\nHK,€0.0612\r\n';
    const preview = await (await operator.act('preview-prices', { tenant, csv })).json<PricePreview>();
    expect(preview.changes).toEqual([
      { country: 'SG', before: null, after: 50_000 },
      { country: 'HK', before: null, after: 61_200 },
    ]);
    const broken = await operator.act('import-prices', { tenant, csv: `${csv}XX,1\r\nDE,1,5\r\nSG,0.07\r\n` });
    expect(await refusal(broken)).toEqual([400, 'invalid_request', 'csv: invalid']);
    expect(await (await operator.read('prices', { tenant })).json()).toEqual({ rows: [] });
    expect((await operator.act('import-prices', { tenant, csv })).status).toBe(200);
    expect((await world.gateways.tenant(tenant).prices())['SG']).toBe(50_000);
    const other = await makeWorld();
    const general = (await other.gateways.tenant(other.tenant).prices())['SG'];
    expect(general).not.toBe(50_000);
    expect((await operator.act('remove-price', { tenant, country: 'SG' })).status).toBe(204);
    expect((await operator.act('remove-price', { tenant, country: 'SG' })).status).toBe(404);
    expect((await world.gateways.tenant(tenant).prices())['SG']).toBe(general);
  });
});

describe('notices', () => {
  it('to one tenant are seen by that tenant alone, until they are taken back', async () => {
    const other = await makeWorld();
    const notice = { tenant: world.tenant, titleZh: '只给一家', titleEn: 'For one only', bodyZh: '内容', bodyEn: 'Text' };
    const { id } = await (await operator.act('post-notice', notice)).json<{ id: string }>();
    const titles = async (somebody: World): Promise<string> => (await somebody.fetch('/api/home')).text();
    expect(await titles(world)).toContain('For one only');
    expect(await titles(other)).not.toContain('For one only');
    expect((await operator.act('remove-notice', { id })).status).toBe(204);
    expect(await titles(world)).not.toContain('For one only');
  });

  it('come in pages, without those that tell of a decision about an application', async () => {
    const other = await makeWorld();
    const { database } = other.gateways;
    const at = Date.now() + 1_000_000;
    const texts = { titleZh: '标题', bodyZh: '', bodyEn: '', tenantId: other.tenant };
    for (let n = 0; n < PAGE_ROWS + 1; n++)
      await addNotice(database, { ...texts, id: newNoticeId(), titleEn: `Own ${n}`, postedAt: at + n });
    const approvalId = 'ap_ANY00000000000000000' as ApprovalId;
    await addNotice(database, { ...texts, id: newNoticeId(), approvalId, titleEn: 'Approved', postedAt: at + 1_000 });
    const found: PostedNotice[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Page<PostedNotice> = await (await operator.read('notices', cursor === '' ? {} : { cursor })).json();
      expect(page.rows.length).toBeLessThanOrEqual(PAGE_ROWS);
      found.push(...page.rows);
      cursor = page.cursor;
    }
    const own = found.filter(({ tenant }) => tenant === other.tenant);
    expect(own.map(({ titleEn }) => titleEn)).toEqual(Array.from({ length: PAGE_ROWS + 1 }, (_, n) => `Own ${PAGE_ROWS - n}`));
    expect(await (await other.fetch('/api/home')).text()).toContain('Approved');
  });

  it('to a tenant that there is not are refused at the field, with what else is wrong', async () => {
    const notice = { tenant: 'tn_N0B0DY00000000000000', titleZh: '', titleEn: 'Title', bodyZh: '内容', bodyEn: 'Text' };
    expect(await refusal(await operator.act('post-notice', notice))).toEqual([
      400,
      'invalid_request',
      'titleZh: required',
      'tenant: not_found',
    ]);
  });
});

/** Bodies that no call may take, and none may break at. */
const BAD: readonly unknown[] = [
  null,
  [],
  'text',
  5,
  {},
  { nonsense: true },
  { tenant: 5 },
  { tenant: { $ne: '' }, id: [] },
  { tenant: 'x'.repeat(5_000) },
];

describe('bad requests', () => {
  it.each(Object.keys(OPERATOR_CALLS))('%s refuses each with its field, and does nothing', async (call) => {
    for (const body of BAD) {
      const answer = await operator.act(call, body);
      expect([400, 404]).toContain(answer.status);
      expect(['invalid_request', 'not_found']).toContain((await answer.json<Problem>()).code);
    }
  });

  it.each(Object.keys(OPERATOR_READS))('%s refuses parameters that it does not know', async (call) => {
    const answer = await operator.read(call, { nonsense: '1' });
    expect(answer.status).toBe(400);
  });

  it('a body that is no JSON, or none at all, is told so', async () => {
    const headers = { cookie: operator.cookie, 'content-type': 'application/json' };
    const broken = await request('/api/operators/open-tenant', { method: 'POST', body: '{', headers });
    expect((await broken.json<Problem>()).code).toBe('malformed_json');
    const plain = await request('/api/operators/open-tenant', { method: 'POST', body: 'x', headers: { cookie: operator.cookie } });
    expect((await plain.json<Problem>()).code).toBe('unsupported_media_type');
    const foreign = await request('/api/operators/open-tenant', {
      json: {},
      headers: { cookie: operator.cookie, origin: 'https://evil.example' },
    });
    expect((await foreign.json<Problem>()).code).toBe('cross_site');
  });
});
