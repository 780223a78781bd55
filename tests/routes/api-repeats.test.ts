/** Repeats of what makes tasks and exports, when the first run died: the same answer, and nothing a second time. */
import { describe, expect, inject, it, vi } from 'vitest';
import { and, eq } from 'drizzle-orm';
import { Export } from '../../schema/api/account';
import type { TaskId } from '../../schema/ids';
import type { RequestClaim } from '../../schema/protocol/objects';
import { auditLog } from '../../schema/tables';
import { startExport } from '../../workers/exports/start';
import { createTask as makeTask } from '../../workers/tasks/create-task';
import { apiClient } from '../support/api-client';
import { loseAnswer } from '../support/repeats';
import { contentOf, uploadFile, untilTask } from '../support/tasks';
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
