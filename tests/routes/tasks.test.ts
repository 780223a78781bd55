import { beforeAll, describe, expect, inject, it } from 'vitest';
import type { Page, TaskFormOptions, TaskListItem, TaskView } from '../../schema/console';
import type { TaskId, UploadId } from '../../schema/ids';
import { contentFaults } from '../../workers/tasks/task-content';
import { taskReasons } from '../../workers/tasks/task-reasons';
import { makeWorld, request, type World } from '../support/world';
import { act, checkedTask, contentOf, createTask, readTask, untilTask } from '../support/tasks';

let world: World;
beforeAll(async () => {
  world = await makeWorld({ restHost: inject('carrierUrl') });
});

const FILE = 'number\n8613800138000\n8613800138001\n447400123456\n';
const HOUR_MS = 3_600_000;
const problemOf = (answer: Response): Promise<{ code: string; errors: { field: string; code: string }[] }> => answer.json();
const codeOf = async (answer: Response): Promise<string> => (await problemOf(answer)).code;
const reservedOf = async (who: World): Promise<number> => (await who.gateways.objects.ledger(who.tenant).balance()).reservedMicros;

describe('a task', () => {
  it('begins its check when the file that it waits for is complete', async () => {
    const begun = await world.fetch('/api/uploads', { json: { fileName: 'late.csv', size: FILE.length } });
    const upload = await begun.json<{ id: UploadId }>();
    const id = await createTask(world, { upload: upload.id });
    expect((await readTask(world, id)).state).toBe('draft');
    await world.fetch(`/api/uploads/${upload.id}/parts/1`, { method: 'PUT', body: FILE });
    await world.fetch(`/api/uploads/${upload.id}/complete`, { method: 'POST' });
    expect((await untilTask(world, id, 'checked')).check.totals.valid).toBe(3);
  });

  it('names every field that is wrong at once', async () => {
    const wrong = {
      name: ' ',
      sender: 'bad sender',
      text: 'Hi {{first name}}',
      key: world.transactional.id,
      upload: 'up_none',
      callbackUrl: 'ftp://x',
    };
    const answer = await world.fetch('/api/tasks', { json: { ...contentOf(world), ...wrong } });
    expect(answer.status).toBe(400);
    const { errors } = await problemOf(answer);
    expect(Object.fromEntries(errors.map(({ field, code }) => [field, code]))).toEqual({
      name: 'required',
      sender: 'sender_invalid',
      text: 'variable_syntax',
      key: 'not_found',
      upload: 'not_found',
      callbackUrl: 'invalid',
    });
    const { key, ...same } = { ...contentOf(world), ...wrong };
    const faults = await contentFaults(world.gateways, world.actor, { ...same, key, upload: null });
    expect(faults.map(({ field }) => field)).toEqual(errors.map(({ field }) => field).filter((field) => field !== 'upload'));
  });

  it('says how fast the carrier account of its key takes messages', async () => {
    const slow = await makeWorld({ perSecond: 7 });
    expect((await readTask(slow, await createTask(slow))).carrierPerSecond).toBe(7);
  });

  it('holds its cost and starts when it is confirmed', async () => {
    const fresh = await makeWorld({ restHost: inject('carrierUrl') });
    const { settings, check } = await checkedTask(fresh, FILE);
    const id = settings.task;
    expect((await act(fresh, id, 'confirm')).status).toBe(204);
    const task = await readTask(fresh, id);
    expect(task.state).toBe('running');
    expect(task.startedAt).not.toBeNull();
    expect(await reservedOf(fresh)).toBe(check.totals.costMicros);
    expect(await codeOf(await act(fresh, id, 'confirm'))).toBe('conflict');
    expect(await reservedOf(fresh)).toBe(check.totals.costMicros);
    const shards = await fresh.gateways.objects.taskRun(id).shards();
    expect(shards).toHaveLength(1);
    const marked = await fresh.gateways.env.DB.prepare('SELECT started_at FROM shards WHERE n = ?').bind(shards[0]).first('started_at');
    expect(marked).toBe(task.startedAt);
  });

  it('is not started twice by two confirmations at once, and holds its cost once', async () => {
    const fresh = await makeWorld({ restHost: inject('carrierUrl') });
    const { settings, check } = await checkedTask(fresh, FILE);
    const answers = await Promise.all([act(fresh, settings.task, 'confirm'), act(fresh, settings.task, 'confirm')]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 409]);
    expect(await reservedOf(fresh)).toBe(check.totals.costMicros);
  });

  it('is not started without money, and nothing is held', async () => {
    const poor = await makeWorld({ balanceMicros: 10 });
    const { settings } = await checkedTask(poor, FILE);
    const answer = await act(poor, settings.task, 'confirm');
    expect(answer.status).toBe(402);
    expect(await codeOf(answer)).toBe('insufficient_balance');
    expect((await readTask(poor, settings.task)).state).toBe('checked');
    expect(await reservedOf(poor)).toBe(0);
  });

  it('of a test key costs nothing', async () => {
    const poor = await makeWorld({ balanceMicros: 0, restHost: inject('carrierUrl') });
    const { settings, check } = await checkedTask(poor, FILE, { key: poor.test.id });
    expect(check.totals).toMatchObject({ valid: 3, costMicros: 0 });
    expect((await act(poor, settings.task, 'confirm')).status).toBe(204);
  });

  it('tells when its last message had left, and why messages failed, to its tenant only', async () => {
    const stranger = await makeWorld();
    // Numbers with a fixed outcome: the answer refuses the one, the receipt of the other says that it is no number.
    const { settings } = await checkedTask(world, `${FILE}15005552007\n15005551009\n`, { key: world.test.id });
    await act(world, settings.task, 'confirm');
    const { startedAt, submittedAt, endedAt } = await untilTask(world, settings.task, 'finished');
    expect(startedAt).toBeLessThanOrEqual(submittedAt ?? 0);
    expect(submittedAt).toBeLessThanOrEqual(endedAt ?? 0);
    await expect
      .poll(() => taskReasons(world.gateways, world.actor, settings.task), { timeout: 20_000 })
      .toEqual([
        { state: 'failed', error: 'illegal_number', messages: 1 },
        { state: 'rejected', error: 'number_barred', messages: 1 },
      ]);
    await expect(taskReasons(stranger.gateways, stranger.actor, settings.task)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('waits for its time, and can be paused, resumed, edited and cancelled until then', async () => {
    const fresh = await makeWorld();
    const { settings, check } = await checkedTask(fresh, FILE);
    const id = settings.task;
    const startsAt = Date.now() + HOUR_MS;
    expect((await act(fresh, id, 'confirm', { startsAt })).status).toBe(204);
    expect(await readTask(fresh, id)).toMatchObject({ state: 'scheduled', startsAt, actions: ['edit', 'pause', 'cancel'] });
    expect((await act(fresh, id, 'pause')).status).toBe(204);
    expect(await readTask(fresh, id)).toMatchObject({ state: 'paused', actions: ['resume', 'edit', 'cancel'] });
    expect((await act(fresh, id, 'resume')).status).toBe(204);
    expect((await readTask(fresh, id)).state).toBe('scheduled');
    expect(await reservedOf(fresh)).toBe(check.totals.costMicros);

    const longer = { ...contentOf(fresh, { upload: settings.upload, name: 'Edited' }), text: 'x'.repeat(200) };
    expect((await fresh.fetch(`/api/tasks/${id}`, { method: 'PUT', json: longer })).status).toBe(204);
    expect(await reservedOf(fresh)).toBe(0);
    const again = await untilTask(fresh, id, 'checked');
    expect(again).toMatchObject({ revision: 2, startsAt: null });
    expect(again.check.totals).toMatchObject({ valid: 3, parts: 6, duplicates: 0, costMicros: check.totals.costMicros * 2 });

    await act(fresh, id, 'confirm', { startsAt });
    expect((await act(fresh, id, 'cancel')).status).toBe(204);
    expect(await readTask(fresh, id)).toMatchObject({ state: 'cancelled', actions: [] });
    expect(await reservedOf(fresh)).toBe(0);
  });

  it('starts by itself when its time has come', async () => {
    const { settings } = await checkedTask(world, FILE);
    await act(world, settings.task, 'confirm', { startsAt: Date.now() + 1_500 });
    expect((await readTask(world, settings.task)).state).toBe('scheduled');
    await untilTask(world, settings.task, 'running', 'finished');
  });

  it('refuses a start in the past', async () => {
    const { settings } = await checkedTask(world, FILE);
    const answer = await act(world, settings.task, 'confirm', { startsAt: Date.now() - HOUR_MS });
    expect(await problemOf(answer)).toMatchObject({ code: 'invalid_request', errors: [{ field: 'startsAt', code: 'in_the_past' }] });
  });

  it('that is stopped cancels what was not sent, pays for the rest and ends', async () => {
    const fresh = await makeWorld({ perSecond: 1, restHost: inject('carrierUrl') });
    const numbers = Array.from({ length: 400 }, (_, at) => `86138001${String(38000 + at).padStart(5, '0')}`);
    const { settings } = await checkedTask(fresh, numbers.join('\n'));
    await act(fresh, settings.task, 'confirm');
    expect((await act(fresh, settings.task, 'pause')).status).toBe(204);
    expect(await readTask(fresh, settings.task)).toMatchObject({ state: 'paused', actions: ['resume', 'stop'] });
    expect((await act(fresh, settings.task, 'stop')).status).toBe(204);
    const stopped = await untilTask(fresh, settings.task, 'stopped');
    expect(stopped.sending.byState.cancelled).toBeGreaterThan(300);
    expect(stopped.endedAt).not.toBeNull();
    expect(stopped.submittedAt).toBeNull();
    expect(await reservedOf(fresh)).toBe(0);
    const { balanceMicros } = await fresh.gateways.objects.ledger(fresh.tenant).balance();
    expect(1_000_000_000 - balanceMicros).toBe(stopped.sending.costMicros);
  });

  it('with nobody to send to cannot be confirmed', async () => {
    const { settings, state } = await checkedTask(world, 'number\nabc\n123\n');
    expect(state).toBe('checked');
    expect(await codeOf(await act(world, settings.task, 'confirm'))).toBe('nothing_to_send');
  });

  it('of another tenant is as absent as one that never was, on every route', async () => {
    const { settings } = await checkedTask(world, FILE);
    const stranger = await makeWorld();
    for (const id of [settings.task, 'T-00000-00000' as TaskId]) {
      const tries = [
        stranger.fetch(`/api/tasks/${id}`),
        stranger.fetch(`/api/tasks/${id}`, { method: 'PUT', json: contentOf(stranger) }),
        stranger.fetch(`/api/tasks/${id}/exceptions`),
        stranger.fetch(`/api/tasks/${id}/exceptions.xlsx`),
        ...['confirm', 'pause', 'resume', 'stop', 'cancel'].map((action) => act(stranger, id, action)),
      ];
      for (const answer of await Promise.all(tries)) {
        expect(answer.status).toBe(404);
        expect(await codeOf(answer)).toBe('not_found');
      }
    }
    const stolen = await stranger.fetch('/api/tasks', { json: contentOf(stranger, { upload: settings.upload, key: world.marketing.id }) });
    expect((await problemOf(stolen)).errors.map(({ field }) => field).toSorted()).toEqual(['key', 'upload']);
  });

  it('is shown to those without the right to send, and nothing more', async () => {
    const { settings } = await checkedTask(world, FILE);
    const { cookie } = await world.addUser({ role: 'viewer' });
    const seen = await (await request(`/api/tasks/${settings.task}`, { headers: { cookie } })).json<TaskView>();
    expect(seen).toMatchObject({ state: 'checked', actions: [], preview: null });
    for (const number of FILE.match(/\d{11,}/g) ?? []) expect(JSON.stringify(seen)).not.toContain(number);
    const listed = await (await request('/api/tasks', { headers: { cookie } })).json<Page<TaskListItem>>();
    expect(listed.rows.map(({ id }) => id)).toContain(settings.task);
    expect(listed.rows.filter(({ actions }) => actions.length > 0)).toEqual([]);
    for (const path of [`/api/tasks/${settings.task}/confirm`, `/api/tasks/${settings.task}/cancel`, '/api/tasks']) {
      const json = path === '/api/tasks' ? contentOf(world) : {};
      expect(await codeOf(await request(path, { json, headers: { cookie } }))).toBe('forbidden');
    }
  });

  it('leaves a trace of who did what with it', async () => {
    const { settings } = await checkedTask(world, FILE);
    await act(world, settings.task, 'confirm', { startsAt: Date.now() + HOUR_MS });
    await act(world, settings.task, 'cancel');
    const found = await world.gateways.env.DB.prepare('SELECT action, user_id FROM audit_log WHERE subject = ? ORDER BY id')
      .bind(settings.task)
      .all();
    expect(found.results).toEqual(
      ['task_created', 'task_confirmed', 'task_cancelled'].map((action) => ({ action, user_id: world.actor.user })),
    );
  });
});

describe('the list of tasks', () => {
  it('shows the newest first, page by page, by name, state and country', async () => {
    const fresh = await makeWorld();
    const oldest = `100% off_${'新品开售'.repeat(10)}`;
    const { settings } = await checkedTask(fresh, FILE, { name: oldest });
    for (let n = 0; n < 51; n++) await createTask(fresh, { name: `Draft ${n}` });
    const list = async (query: string): Promise<Page<TaskListItem>> => (await fresh.fetch(`/api/tasks?${query}`)).json();
    const first = await list('');
    expect(first.rows).toHaveLength(50);
    expect(first.rows[0]?.name).toBe('Draft 50');
    const second = await list(`cursor=${first.cursor}`);
    expect(second.rows.map(({ name }) => name)).toEqual(['Draft 0', oldest]);
    expect(second.cursor).toBeNull();
    // Far over the 50 bytes that a pattern may have in D1.
    const long = encodeURIComponent('新品开售'.repeat(10));
    const wanted = [
      'name=100%25',
      'name=f_',
      `name=${long}`,
      'state=checked',
      'country=GB',
      `id=${settings.task}`,
      `id=${settings.task.toLowerCase()}`,
    ];
    for (const query of wanted) expect((await list(query)).rows.map(({ id }) => id)).toEqual([settings.task]);
    expect((await list('country=FR')).rows).toEqual([]);
    expect((await list('state=checked')).rows[0]).toMatchObject({ rows: 3, valid: 3, countries: ['CN', 'GB'], userName: 'Test User' });
    expect((await fresh.fetch('/api/tasks?cursor=x')).status).toBe(400);
    expect((await fresh.fetch('/api/tasks?state=odd')).status).toBe(400);
  });
});

describe('the task form', () => {
  it('offers the senders and the marketing keys of the tenant', async () => {
    const options = await (await world.fetch('/api/task-form')).json<TaskFormOptions>();
    expect(options.senders.map(({ value }) => value)).toEqual(['JINMU']);
    expect(options.keys.map(({ id }) => id).toSorted()).toEqual([world.marketing.id, world.test.id].toSorted());
  });

  it('measures a text', async () => {
    const answer = await world.fetch('/api/measure', { json: { text: '你好'.repeat(40) } });
    expect(await answer.json()).toEqual({ encoding: 'UCS-2', characters: 80, parts: 2 });
  });

  it('gives files to fill in that the check reads without a bad row', async () => {
    for (const format of ['csv', 'txt']) {
      const answer = await world.fetch(`/api/upload-templates/${format}`);
      expect(answer.headers.get('content-disposition')).toContain(`.${format}`);
      const task = await checkedTask(world, new Uint8Array(await answer.arrayBuffer()), { text: 'Hi {{name}}' }, `filled.${format}`);
      expect(task.check.totals).toMatchObject({ rows: 2, valid: 2 });
    }
    expect((await world.fetch('/api/upload-templates/exe')).status).toBe(404);
  });
});
