/** International templates: kept by the tenant, offered in its task form, named by its calls of the API. */
import { describe, expect, it } from 'vitest';
import type { TaskFormOptions } from '../../schema/console';
import { AppError } from '../../schema/errors';
import { newTemplateId, type TemplateId } from '../../schema/ids';
import { PAGE_ROWS, TEMPLATE_NAME_MAX, TEMPLATE_SAMPLE_MAX, TEMPLATES_PER_TENANT, TEXT_MAX_CHARACTERS } from '../../schema/limits';
import type { TemplateForm, TemplateServices } from '../../schema/templates';
import { auditPage } from '../../workers/gateways/stores/audit';
import { bindServices } from '../../workers/http/services';
import { apiClient } from '../support/api-client';
import { makeWorld, type World } from '../support/world';

const verbs = ({ gateways }: World): TemplateServices => bindServices(gateways).templates;
const form = (changes: Partial<TemplateForm> = {}): TemplateForm => ({
  name: 'Early access',
  body: 'Hi {{name}}, your code is {{code}}.',
  samples: { name: 'Ana', code: '482913' },
  ...changes,
});
const refusal = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (thrown: unknown) =>
      thrown instanceof AppError ? [thrown.code, ...thrown.fields.map(({ field, code }) => `${field}: ${code}`)] : thrown,
  );
const actions = async ({ gateways, tenant }: World, subject: TemplateId): Promise<string[]> =>
  (await auditPage(gateways.database, { tenant }, null, 50))
    .filter(({ entry }) => entry.subject === subject)
    .map(({ entry }) => entry.action);

describe('a template', () => {
  it('is made, found, changed and removed, and each change is in the audit log', async () => {
    const world = await makeWorld();
    const { actor } = world;
    const { create, edit, find, list, remove } = verbs(world);
    const id = await create(actor, form({ name: '  Early access ', body: 'Hi {{name}}\r\nbye', samples: { name: 'Ana', gone: 'x' } }));
    expect(await find(actor, id)).toMatchObject({ id, name: 'Early access', body: 'Hi {{name}}\nbye', samples: { name: 'Ana' } });
    await edit(actor, id, form({ body: 'Hello' }));
    expect(await find(actor, id)).toMatchObject({ name: 'Early access', body: 'Hello', samples: {} });
    await remove(actor, id);
    expect(await refusal(find(actor, id))).toEqual(['not_found']);
    expect(await refusal(remove(actor, id))).toEqual(['not_found']);
    expect((await list(actor, '', null)).rows).toEqual([]);
    expect(await actions(world, id)).toEqual(['template_removed', 'template_changed', 'template_made']);
  });

  it('is offered in the task form with its samples', async () => {
    const world = await makeWorld();
    const id = await verbs(world).create(world.actor, form());
    const { templates } = await (await world.fetch('/api/task-form')).json<TaskFormOptions>();
    expect(templates).toEqual([{ id, ...form() }]);
  });

  it('is what a call of the API names', async () => {
    const world = await makeWorld();
    const id = await verbs(world).create(world.actor, form({ body: 'Hi {{name}}' }));
    const client = apiClient(world.test);
    const send = (template: string) =>
      client.call<{ messages: { id: string; parts: number }[]; errors?: unknown }>('POST', '/v1/messages', {
        from: 'JINMU',
        template_id: template,
        to: [{ to: '+15005550000', variables: { name: 'Ana'.repeat(60) } }],
      });
    const sent = await send(id);
    expect([sent.status, sent.body.messages[0]?.parts]).toEqual([202, 2]);
    const refused = await send(newTemplateId());
    expect([refused.status, refused.body.errors]).toEqual([400, [expect.objectContaining({ field: 'template_id', code: 'not_found' })]]);
  });

  it('has a name of its own in its tenant, also when two come at one moment', async () => {
    const [world, other] = await Promise.all([makeWorld(), makeWorld()]);
    const { create, edit } = verbs(world);
    const tried = await Promise.all([1, 2, 3].map(() => refusal(create(world.actor, form()))));
    expect(tried.filter((outcome) => outcome === null)).toHaveLength(1);
    const taken = ['invalid_request', 'name: name_taken'];
    expect(tried.filter((outcome) => outcome !== null)).toEqual([taken, taken]);
    const second = await create(world.actor, form({ name: 'Second' }));
    expect(await refusal(edit(world.actor, second, form()))).toEqual(['invalid_request', 'name: name_taken']);
    expect(await refusal(edit(world.actor, second, form({ name: 'Second', body: 'Its own name stays.' })))).toBeNull();
    expect(await refusal(verbs(other).create(other.actor, form()))).toBeNull();
  });

  it.each<[string, Partial<TemplateForm>, string]>([
    ['no name', { name: ' ' }, 'name: required'],
    ['a long name', { name: '名'.repeat(TEMPLATE_NAME_MAX + 1) }, 'name: too_long'],
    ['a name with a NUL', { name: 'a\0' }, 'name: not_text'],
    ['no text', { body: ' \n' }, 'body: required'],
    ['a long text', { body: 'x'.repeat(TEXT_MAX_CHARACTERS + 1) }, 'body: too_long'],
    ['half of a surrogate pair', { body: 'a\ud83d' }, 'body: not_text'],
    ['a variable that is none', { body: 'Hi {{first name}}' }, 'body: variable_syntax'],
    ['a long sample', { samples: { name: 'x'.repeat(TEMPLATE_SAMPLE_MAX + 1) } }, 'samples.name: too_long'],
    ['a sample with a NUL', { samples: { code: 'a\0' } }, 'samples.code: not_text'],
  ])('is not made with %s', async (_, changes, expected) => {
    const world = await makeWorld();
    expect(await refusal(verbs(world).create(world.actor, form(changes)))).toEqual(['invalid_request', expected]);
    const id = await verbs(world).create(world.actor, form());
    expect(await refusal(verbs(world).edit(world.actor, id, form(changes)))).toEqual(['invalid_request', expected]);
    expect(await verbs(world).find(world.actor, id)).toMatchObject(form());
  });

  it('may be as long as all that, and its variables may be called anything', async () => {
    const world = await makeWorld();
    const most = form({
      name: '名'.repeat(TEMPLATE_NAME_MAX),
      body: '{{constructor}}{{__proto__}}'.padEnd(TEXT_MAX_CHARACTERS, '锦'),
      samples: Object.fromEntries([
        ['constructor', 'x'.repeat(TEMPLATE_SAMPLE_MAX)],
        ['__proto__', 'y'],
      ]),
    });
    const id = await verbs(world).create(world.actor, most);
    expect(JSON.stringify(await verbs(world).find(world.actor, id))).toContain(`"__proto__":"y"`);
  });
});

describe('roles', () => {
  it('let senders keep templates and viewers read them', async () => {
    const world = await makeWorld();
    const [sender, viewer] = await Promise.all([world.addUser({ role: 'sender' }), world.addUser({ role: 'viewer' })]);
    const { create, edit, find, list, remove } = verbs(world);
    const id = await create(sender.actor, form());
    expect((await list(viewer.actor, '', null)).rows).toHaveLength(1);
    expect(await find(viewer.actor, id)).toMatchObject(form());
    expect(await refusal(create(viewer.actor, form({ name: 'Another' })))).toEqual(['forbidden']);
    expect(await refusal(edit(viewer.actor, id, form()))).toEqual(['forbidden']);
    expect(await refusal(remove(viewer.actor, id))).toEqual(['forbidden']);
  });

  it("keep another tenant's templates as if they did not exist", async () => {
    const [world, other] = await Promise.all([makeWorld(), makeWorld()]);
    const id = await verbs(world).create(world.actor, form());
    const { edit, find, list, remove } = verbs(other);
    for (const theirs of [id, newTemplateId(), 'nonsense' as TemplateId]) {
      expect(await refusal(find(other.actor, theirs))).toEqual(['not_found']);
      expect(await refusal(edit(other.actor, theirs, form({ body: 'Mine now' })))).toEqual(['not_found']);
      expect(await refusal(remove(other.actor, theirs))).toEqual(['not_found']);
    }
    expect((await list(other.actor, '', null)).rows).toEqual([]);
    expect(await verbs(world).find(world.actor, id)).toMatchObject(form());
    const client = apiClient(other.test);
    const answer = await client.call('POST', '/v1/messages', { from: 'JINMU', template_id: id, to: '+15005550000' });
    expect(answer.status).toBe(400);
  });
});

describe('the list', () => {
  it('is searched by name and text, and is read in pages without a gap', async () => {
    const world = await makeWorld();
    const { create, edit, list } = verbs(world);
    const { templates } = world.gateways.tenant(world.tenant);
    const now = Date.now();
    const ids: TemplateId[] = [];
    for (let at = 0; at < PAGE_ROWS + 10; at++) {
      const id = newTemplateId();
      ids.push(id);
      // Several of one moment: the cursor tells them apart.
      await templates.add({
        id,
        name: `Sale ${at}`,
        body: `Body ${at}`,
        samples: {},
        createdAt: now,
        updatedAt: now + Math.floor(at / 20),
      });
    }
    const first = await list(world.actor, '', null);
    const second = await list(world.actor, '', first.cursor);
    expect([first.rows.length, second.rows.length, second.cursor]).toEqual([PAGE_ROWS, 10, null]);
    expect([...first.rows, ...second.rows].map(({ id }) => id).toSorted()).toEqual(ids.toSorted());

    await create(world.actor, form({ name: '新品预告', body: '100% OFF_today' }));
    const found = async (search: string) => (await list(world.actor, search, null)).rows.map(({ name }) => name);
    expect(await found('新品')).toEqual(['新品预告']);
    expect(await found('off_TODAY')).toEqual(['新品预告']);
    expect(await found('100%')).toEqual(['新品预告']);
    expect(await found('%')).toEqual(['新品预告']);
    expect(await found('sale 59')).toEqual(['Sale 59']);
    expect(await found('nothing like it')).toEqual([]);
    expect(await found('没有这样的短信模板名称或正文'.repeat(3))).toEqual([]);

    const [last] = second.rows.toReversed();
    if (!last) throw new Error('no last row');
    await edit(world.actor, last.id, form({ name: 'Changed last' }));
    expect((await list(world.actor, '', null)).rows[0]?.name).toBe('Changed last');
    for (const cursor of ['', 'x', `${'9'.repeat(20)}.${ids[0]}`])
      expect(await refusal(list(world.actor, '', cursor))).toEqual(['invalid_request', 'cursor: invalid']);
  });

  it('takes no more than a tenant may keep', async () => {
    const world = await makeWorld();
    const { templates } = world.gateways.tenant(world.tenant);
    const now = Date.now();
    for (let at = 0; at < TEMPLATES_PER_TENANT; at++)
      await templates.add({ id: newTemplateId(), name: `Sale ${at}`, body: 'x', samples: {}, createdAt: now, updatedAt: now });
    expect(await refusal(verbs(world).create(world.actor, form()))).toEqual(['templates_full']);
  });

  it('comes with the prices that the tenant pays', async () => {
    const world = await makeWorld();
    const prices = await verbs(world).prices(world.actor);
    expect(prices.find(({ country }) => country === 'SG')?.unitMicros).toBeGreaterThan(0);
  });
});
