/** Repeats of requests, also of those whose first run died: the same answer, and nothing a second time. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, inject, it, vi } from 'vitest';
import { and, eq } from 'drizzle-orm';
import { Export } from '../../schema/api/account';
import type { Env } from '../../schema/env';
import { newTemplateId, type ShardNumber, type TaskId } from '../../schema/ids';
import { decodeMessageId } from '../../schema/message-id';
import type { RequestClaim } from '../../schema/protocol/objects';
import { shardName } from '../../schema/storage-keys';
import { auditLog } from '../../schema/tables';
import { addTemplate } from '../../workers/gateways/stores/provisioning';
import { startExport } from '../../workers/exports/start';
import { createTask as makeTask } from '../../workers/tasks/create-task';
import { apiClient } from '../support/api-client';
import { loseAnswer } from '../support/repeats';
import { checkedTask, contentOf, uploadFile, untilTask } from '../support/tasks';
import { makeWorld, type World } from '../support/world';

const carrierUrl = inject('carrierUrl');
const REPEAT = { 'idempotency-key': 'again' };
const FILE = 'number\n+6593470001\n+6593470002\n';

const creations = ({ gateways, tenant }: World, task: string) =>
  gateways.database.$count(auditLog, and(eq(auditLog.tenantId, tenant), eq(auditLog.action, 'task_created'), eq(auditLog.subject, task)));
const claimOf = (takenOver: boolean): RequestClaim => ({ seed: crypto.getRandomValues(new Uint8Array(32)), at: Date.now(), takenOver });

describe('a task whose maker died before it answered', () => {
  it('is the task that the repeat is told of', async () => {
    const world = await makeWorld({ restHost: carrierUrl });
    const client = apiClient(world.marketing);
    const wanted = { name: 'Sale', from: 'JINMU', text: 'Hello', upload_id: await uploadFile(world, FILE) };
    const first = await client.call<{ id: TaskId }>('POST', '/v1/tasks', wanted, REPEAT);
    expect(first.status).toBe(201);
    await untilTask(world, first.body.id, 'checked');
    await loseAnswer(world.marketing.id, 'again');
    expect(await client.call('POST', '/v1/tasks', wanted, REPEAT)).toMatchObject({ status: 201, body: first.body });
    expect((await client.call<{ tasks: unknown[] }>('GET', '/v1/tasks')).body.tasks).toHaveLength(1);
    expect(await creations(world, first.body.id)).toBe(1);
    const third = await client.call('POST', '/v1/tasks', wanted, REPEAT);
    expect([third.body, third.headers.get('idempotency-replayed')]).toEqual([first.body, 'true']);
  });

  it('is made by the repeat when it was not made before', async () => {
    const world = await makeWorld();
    const claim = claimOf(true);
    const content = contentOf(world);
    const task = await makeTask(world.gateways, world.actor, content, claim);
    expect(await makeTask(world.gateways, world.actor, content, claim)).toBe(task);
    expect(await creations(world, task)).toBe(1);
  });

  it('stays the task that it was when its file or its key is gone since', async () => {
    const world = await makeWorld();
    const claim = claimOf(true);
    const task = await makeTask(world.gateways, world.actor, contentOf(world), claim);
    const without = contentOf(world, { key: 'JMGONE0000000000' as typeof world.marketing.id });
    expect(await makeTask(world.gateways, world.actor, without, claim)).toBe(task);
  });

  it('of another request is another task', async () => {
    const world = await makeWorld();
    const made = [claimOf(false), claimOf(false)].map((claim) => makeTask(world.gateways, world.actor, contentOf(world), claim));
    expect(new Set(await Promise.all(made)).size).toBe(2);
  });
});

describe('a request whose circumstances have changed', () => {
  const openTemplate = async () => {
    const world = await makeWorld({ restHost: carrierUrl });
    const id = newTemplateId();
    await addTemplate(world.gateways.database, {
      id,
      tenantId: world.tenant,
      name: 'Codes',
      body: 'Code {{code}}',
      samples: {},
      createdAt: Date.now(),
      updatedAt: Date.now(),
    });
    const to = [{ to: '+15005550000', variables: { code: '77' }, client_ref: 'a' }, '12'];
    const send = () => apiClient(world.test).call('POST', '/v1/messages', { from: 'JINMU', template_id: id, to }, REPEAT);
    return { world, send, forget: () => world.gateways.tenant(world.tenant).templates.remove(id) };
  };

  it('has the same answer for its repeat, whether the first run could tell it or died', async () => {
    const { world, send, forget } = await openTemplate();
    const first = await send();
    expect(first).toMatchObject({ status: 202, body: { messages: [{ client_ref: 'a' }], rejected: [{ to: '12' }] } });
    await forget();
    const again = await send();
    expect([again.status, again.body, again.headers.get('idempotency-replayed')]).toEqual([202, first.body, 'true']);
    await loseAnswer(world.test.id, 'again');
    expect(await send()).toMatchObject({ status: 202, body: first.body });
    expect((await send()).headers.get('idempotency-replayed')).toBe('true');
  });

  it('is refused when nothing was accepted before, and may be made anew under the same key', async () => {
    const { world, forget, send } = await openTemplate();
    await forget();
    expect(await send()).toMatchObject({ status: 400, body: { errors: [{ field: 'template_id', code: 'not_found' }] } });
    const other = { from: 'JINMU', text: 'Hi', to: '+15005550000' };
    expect((await apiClient(world.test).call('POST', '/v1/messages', other, REPEAT)).status).toBe(202);
  });
});

describe('a request that failed on our side', () => {
  it('can be repeated at once', async () => {
    const world = await makeWorld();
    const client = apiClient(world.test);
    const wanted = { from: 'JINMU', text: 'Hi', to: '+15005550000' };
    const first = await client.call<{ messages: { id: string }[] }>('POST', '/v1/messages', wanted);
    const home = decodeMessageId(first.body.messages[0]?.id ?? '');
    const shard = (env as unknown as Env).MESSAGE_SHARD.getByName(shardName(home?.shard ?? (0 as ShardNumber)));
    const rename = (from: string, to: string) =>
      runInDurableObject(shard, (_, { storage }) => void storage.sql.exec(`ALTER TABLE ${from} RENAME TO ${to}`));
    await rename('repeats', 'mislaid');
    expect(await client.call('POST', '/v1/messages', wanted, REPEAT)).toMatchObject({ status: 500, body: { code: 'server_error' } });
    await rename('mislaid', 'repeats');
    expect(await client.call('POST', '/v1/messages', wanted, REPEAT)).toMatchObject({ status: 202 });
  });
});

describe('an Idempotency-Key', () => {
  it('makes one upload, one list of numbers and one end of a task of two requests', async () => {
    const world = await makeWorld({ restHost: carrierUrl });
    const client = apiClient(world.marketing);
    const twice = async (path: string, json: unknown, key: string) => {
      const answers = [1, 2].map(() => () => client.call('POST', path, json, { 'idempotency-key': key }));
      const [first, again] = [await answers[0]?.(), await answers[1]?.()];
      expect([again?.status, again?.body, again?.headers.get('idempotency-replayed')]).toEqual([first?.status, first?.body, 'true']);
      return first;
    };
    await twice('/v1/uploads', { file_name: 'numbers.csv', size: 10 }, 'upload');
    expect(await twice('/v1/blacklist/numbers', { numbers: ['+6591234567'] }, 'numbers')).toMatchObject({ body: { added: 1 } });
    const task = await checkedTask(world, FILE);
    expect(await twice(`/v1/tasks/${task.settings.task}/cancel`, undefined, 'cancel')).toMatchObject({ body: { status: 'cancelled' } });
    await loseAnswer(world.marketing.id, 'cancel');
    const last = await client.call('POST', `/v1/tasks/${task.settings.task}/cancel`, undefined, { 'idempotency-key': 'cancel' });
    expect(last).toMatchObject({ status: 200, body: { status: 'cancelled' } });
  });

  it('is refused where a secret is shown once, and does not matter where a call is as good twice', async () => {
    const client = apiClient((await makeWorld()).transactional);
    expect(await client.call('POST', '/v1/webhooks', { url: 'https://shop.example.com/in' }, REPEAT)).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'Idempotency-Key', code: 'not_repeatable' }] },
    });
    expect((await client.call<{ webhooks: unknown[] }>('GET', '/v1/webhooks', undefined, REPEAT)).body.webhooks).toEqual([]);
  });
});

describe('an export whose maker died before it answered', () => {
  it('is the export that the repeat is told of, with the same answer', async () => {
    const world = await makeWorld({ restHost: carrierUrl });
    const client = apiClient(world.transactional);
    const first = await client.call('POST', '/v1/exports', { bom: false }, REPEAT);
    expect(first.status).toBe(202);
    const { id } = Export.parse(first.body);
    await vi.waitFor(async () => expect(Export.parse((await client.call('GET', `/v1/exports/${id}`)).body).status).toBe('ready'), {
      timeout: 20_000,
      interval: 50,
    });
    await loseAnswer(world.transactional.id, 'again');
    expect(await client.call('POST', '/v1/exports', { bom: false }, REPEAT)).toMatchObject({ status: 202, body: first.body });
    expect((await client.call<{ exports: unknown[] }>('GET', '/v1/exports')).body.exports).toHaveLength(1);
    // The job that the repeat queued as well finds the file made.
    expect(Export.parse((await client.call('GET', `/v1/exports/${id}`)).body).status).toBe('ready');
  });

  it('is made by the repeat when its row was never written', async () => {
    const world = await makeWorld();
    const claim = claimOf(true);
    const wanted = { kind: 'log', format: 'csv', filter: {}, bom: true } as const;
    const begun = await startExport(world.gateways, world.actor, wanted, claim);
    expect(await startExport(world.gateways, world.actor, wanted, claim)).toEqual(begun);
  });
});
