/** What the audit log says of changes that users of a tenant make: before and after, and nothing that is for nobody to read. */
import { eq } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AuditItem } from '../../schema/operators';
import { auditLog } from '../../schema/tables';
import type { AuditAction } from '../../workers/gateways/stores/audit';
import { bindServices } from '../../workers/http/services';
import { apiClient } from '../support/api-client';
import { makeOperator, type TestOperator } from '../support/operators';
import { contentOf, createTask } from '../support/tasks';
import { makeWorld, type World } from '../support/world';

let operator: TestOperator;
beforeAll(async () => {
  operator = await makeOperator();
});

const verbs = (world: World) => bindServices(world.gateways);
/** The newest of an action. */
async function entryOf({ gateways, tenant }: World, action: AuditAction) {
  const rows = await gateways.database.select().from(auditLog).where(eq(auditLog.tenantId, tenant)).orderBy(auditLog.id);
  return rows.findLast((row) => row.action === action);
}

describe('a change', () => {
  it('of a blacklist is recorded by how many numbers it was, and by the countries before and after', async () => {
    const world = await makeWorld();
    const { blacklist } = verbs(world);
    const key = world.marketing.id;
    await blacklist.add(world.actor, key, ['+8613800138000', '+8613800138001', 'nonsense']);
    await blacklist.remove(world.actor, key, ['+8613800138000']);
    await blacklist.setCountries(world.actor, key, ['FR']);
    await blacklist.setCountries(world.actor, key, ['FR', 'ZA']);
    const by = { userId: world.actor.user, subject: key };
    expect(await entryOf(world, 'blacklist_numbers_added')).toMatchObject({ ...by, after: { added: 2 } });
    expect(await entryOf(world, 'blacklist_numbers_removed')).toMatchObject({ ...by, after: { removed: 1 } });
    expect(await entryOf(world, 'blacklist_countries_changed')).toMatchObject({
      ...by,
      before: { countries: ['FR'] },
      after: { countries: ['FR', 'ZA'] },
    });
    await apiClient(world.marketing).call('POST', '/v1/blacklist/numbers', { numbers: ['+6591234567'] });
    expect(await entryOf(world, 'blacklist_numbers_added')).toMatchObject({ userId: key, after: { added: 1 } });
  });

  it('of a key is recorded with its limits and its switch', async () => {
    const world = await makeWorld();
    const { keys } = verbs(world);
    const key = world.marketing.id;
    const limits = { ipAllowlist: ['198.51.100.7'], dailyMessages: 5, dailySpendMicros: null, countries: null };
    await keys.limit(world.actor, key, limits);
    expect(await entryOf(world, 'key_changed')).toMatchObject({ before: { ipAllowlist: [], dailyMessages: null }, after: limits });
    await keys.switchOn(world.actor, key, false);
    expect(await entryOf(world, 'key_changed')).toMatchObject({ before: { enabled: true }, after: { enabled: false } });
    const { secret } = await keys.sign(world.actor, key, 'sha256');
    const signed = await entryOf(world, 'key_signature_changed');
    expect(signed).toMatchObject({ before: { method: null }, after: { method: 'sha256' } });
    expect(JSON.stringify(signed)).not.toContain(secret);
  });

  it('of a user is recorded with the name, and with phones masked', async () => {
    const world = await makeWorld();
    const colleague = await world.addUser({ role: 'viewer' });
    const form = { name: 'Renamed', department: 'Sales', role: 'sender', enabled: true, phones: ['+6591234567'], email: null } as const;
    await verbs(world).changeUser(world.actor, colleague.actor.user, form);
    const entry = await entryOf(world, 'user_changed');
    expect(entry).toMatchObject({ before: { name: 'Test User', role: 'viewer' }, after: { name: 'Renamed', role: 'sender' } });
    expect(JSON.stringify(entry)).not.toMatch(/91234567|9123 4567/);
    expect(JSON.stringify(entry)).not.toContain(colleague.phone.slice(2));
    await operator.act('change-user', { ...form, tenant: world.tenant, user: colleague.actor.user, name: 'Again' });
    expect(await entryOf(world, 'user_changed')).toMatchObject({ before: { name: 'Renamed' }, after: { name: 'Again' } });
  });

  it('of an endpoint is recorded without what its headers and its query hold', async () => {
    const world = await makeWorld();
    const { webhooks } = verbs(world);
    const { id } = await webhooks.create(world.actor, {
      url: 'https://example.com/hook?token=hidden-1',
      headers: { 'x-token': 'hidden-2' },
    });
    await webhooks.edit(world.actor, id, { enabled: false, headers: { 'x-other': 'hidden-3' } });
    const entry = await entryOf(world, 'endpoint_changed');
    expect(entry).toMatchObject({
      before: { url: 'https://example.com/hook', enabled: true, headerNames: ['x-token'] },
      after: { enabled: false, headerNames: ['x-other'] },
    });
    expect(JSON.stringify([entry, await entryOf(world, 'endpoint_made')])).not.toContain('hidden');
  });

  it('of a template and of a task is recorded without their texts', async () => {
    const world = await makeWorld();
    const { templates } = verbs(world);
    const id = await templates.create(world.actor, { name: 'Sale', body: 'Secret offer', samples: {} });
    await templates.edit(world.actor, id, { name: 'Big sale', body: 'Secret offers', samples: {} });
    const template = await entryOf(world, 'template_changed');
    expect(template).toMatchObject({ before: { name: 'Sale', characters: 12 }, after: { name: 'Big sale', characters: 13 } });
    await templates.remove(world.actor, id);
    expect(await entryOf(world, 'template_removed')).toMatchObject({ before: { name: 'Big sale' } });

    const task = await createTask(world, { text: 'Secret offer' });
    await verbs(world).editTask(world.actor, task, contentOf(world, { name: 'Winter sale', text: 'Secret offers' }));
    const edited = await entryOf(world, 'task_edited');
    expect(edited).toMatchObject({ subject: task, before: { name: 'Autumn sale' }, after: { name: 'Winter sale', characters: 13 } });
    expect(JSON.stringify([template, edited])).not.toContain('Secret');
  });
});

describe('the audit log', () => {
  const read = async (wish: Readonly<Record<string, string>>): Promise<readonly AuditItem[]> =>
    (await (await operator.read('audit', wish)).json<{ rows: AuditItem[] }>()).rows;

  it('is filtered by who it was, by name or id, and by the period', async () => {
    const world = await makeWorld();
    await verbs(world).keys.switchOn(world.actor, world.marketing.id, false);
    const { tenant, actor } = world;
    const about = async (wish: Readonly<Record<string, string>>) => (await read({ tenant, action: 'key_changed', ...wish })).length;
    expect(await about({ who: 'test us' })).toBe(1);
    expect(await about({ who: actor.user })).toBe(1);
    expect(await about({ who: 'us_nobody' })).toBe(0);
    const now = Date.now();
    expect(await about({ from: String(now - 60_000), until: String(now + 60_000) })).toBe(1);
    expect(await about({ from: String(now + 60_000) })).toBe(0);
    expect(await about({ until: String(now - 60_000) })).toBe(0);
  });

  it('keeps what was taken back or dropped', async () => {
    const world = await makeWorld();
    const notice = { tenant: world.tenant, titleZh: '通知', titleEn: 'Taken back soon', bodyZh: '内容', bodyEn: 'Text' };
    const { id } = await (await operator.act('post-notice', notice)).json<{ id: string }>();
    await operator.act('remove-notice', { id });
    expect(await read({ tenant: world.tenant, action: 'notice_removed' })).toMatchObject([{ before: { titleEn: 'Taken back soon' } }]);
  });
});
