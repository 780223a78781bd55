/** Money adds up: what stands in the ledger, in the log, in the reports and in the balance is the same, to the micro-euro. */
import { expect, inject, it, vi } from 'vitest';
import type { LedgerLine, Page } from '../../schema/console';
import type { TaskId } from '../../schema/ids';
import { decodeMessageId } from '../../schema/message-id';
import type { LogRow } from '../../schema/protocol/message-shard';
import { isFreeState } from '../../schema/states';
import { readLedger } from '../../workers/tenancy/ledger';
import { apiClient } from '../support/api-client';
import { makeOperator } from '../support/operators';
import { act, checkedTask, untilTask } from '../support/tasks';
import { makeWorld, type World } from '../support/world';

const waiting = { timeout: 25_000, interval: 100 };
/** A number that the carrier refuses at once, by the simulator's table. */
const REFUSED = '15005552007';
const numbers = (count: number, first: number): string[] => Array.from({ length: count }, (_, at) => String(first + at));
const fileOf = (lines: readonly string[]): string => `number\n${lines.join('\n')}\n`;

async function logOf(world: World): Promise<LogRow[]> {
  const rows: LogRow[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: Page<LogRow> = await (await world.fetch(`/api/messages?limit=200${cursor && `&cursor=${cursor}`}`)).json();
    rows.push(...page.rows);
    ({ cursor } = page);
  }
  return rows;
}

/** The carrier's last word on whatever it has: every third message failed. */
async function receiptsFor(world: World): Promise<void> {
  for (const [at, { id, state }] of (await logOf(world)).entries()) {
    const home = decodeMessageId(id);
    if (state !== 'submitted' || !home) continue;
    const status = at % 3 === 0 ? 'failed' : 'delivered';
    const receipt = { row: home.row, carrierId: 'x', status, errorCode: at % 3 === 0 ? 6 : 0, network: null, receivedAt: Date.now() };
    await world.gateways.objects.shard(home.shard).applyReceipts(JSON.stringify([receipt]));
  }
}

async function ledgerOf({ gateways, tenant }: World): Promise<LedgerLine[]> {
  const lines: LedgerLine[] = [];
  for (let cursor: string | null = null; ;) {
    const page: Page<LedgerLine> = await readLedger(gateways, tenant, cursor);
    lines.push(...page.rows);
    if (page.cursor === null) return lines;
    ({ cursor } = page);
  }
}
const sum = (amounts: readonly number[]): number => amounts.reduce((all, one) => all + one, 0);

it('after a task, a stopped task, messages of the API, refusals, failures, a payment and its correction', async () => {
  const [world, operator] = await Promise.all([makeWorld({ restHost: inject('carrierUrl'), perSecond: 60 }), makeOperator()]);
  const { tenant, gateways } = world;
  const confirmed = async (file: string): Promise<TaskId> => {
    const { settings } = await checkedTask(world, file);
    expect((await act(world, settings.task, 'confirm')).status).toBe(204);
    return settings.task;
  };
  const whole = await confirmed(fileOf([...numbers(20, 8613800138000), ...numbers(20, 6591230000), REFUSED]));
  await vi.waitFor(async () => {
    expect((await logOf(world)).filter(({ state }) => state === 'submitted')).toHaveLength(40);
  }, waiting);
  await receiptsFor(world);
  await untilTask(world, whole, 'finished');

  const stopped = await confirmed(fileOf(numbers(400, 447400120000)));
  await vi.waitFor(async () => expect((await logOf(world)).filter(({ task }) => task === stopped).length).toBeGreaterThan(0), waiting);
  expect((await act(world, stopped, 'stop')).status).toBe(204);
  const api = apiClient(world.transactional);
  const sent = await api.call('POST', '/v1/messages', { from: 'JINMU', to: ['+6591234567', '+447400123456'], text: 'Code 1' });
  expect(sent.status).toBe(202);
  await vi.waitFor(async () => {
    await receiptsFor(world);
    const { state } = await untilTask(world, stopped, 'stopped');
    expect(state).toBe('stopped');
    expect((await logOf(world)).filter((row) => row.state === 'submitted' || row.state === 'accepted' || row.state === 'queued')).toEqual(
      [],
    );
  }, waiting);
  for (const [micros, reference] of [
    [7_000_001, 'INV-9'],
    [-2_000_000, 'INV-9 typed wrong'],
  ] as const)
    expect((await operator.act('top-up', { tenant, micros, reference })).status).toBe(204);

  const log = await logOf(world);
  expect(new Set(log.map(({ state }) => state))).toEqual(new Set(['delivered', 'failed', 'rejected', 'cancelled']));
  const spent = sum(log.filter(({ state }) => !isFreeState(state)).map(({ priceMicros }) => priceMicros));
  const paid = 1_000_000_000 + 7_000_001 - 2_000_000;
  await vi.waitFor(async () => {
    expect(await gateways.objects.ledger(tenant).balance()).toEqual({
      balanceMicros: paid - spent,
      reservedMicros: 0,
      availableMicros: paid - spent,
    });
  }, waiting);

  const lines = await ledgerOf(world);
  const of = (kind: LedgerLine['kind']): LedgerLine[] => lines.filter((line) => line.kind === kind);
  expect(sum(of('settle').map(({ micros }) => micros))).toBe(spent);
  expect(sum(of('top_up').map(({ micros }) => micros))).toBe(paid);
  const costOf = (task: TaskId | null): number =>
    sum(log.filter((row) => row.task === task && !isFreeState(row.state)).map(({ priceMicros }) => priceMicros));
  for (const task of [whole, stopped]) expect(of('settle').find((line) => line.task === task)?.micros).toBe(costOf(task));
  expect(of('settle').find(({ key }) => key === world.transactional.id)).toMatchObject({ micros: costOf(null), task: null });
  await vi.waitFor(async () => {
    const counted = await gateways.env.DB.prepare(
      "SELECT sum(cost_micros) AS micros FROM shard_totals WHERE tenant_id = ? AND span = 'hour'",
    )
      .bind(tenant)
      .first('micros');
    expect(counted).toBe(spent);
  }, waiting);
});

it('the ledger goes by pages, and another tenant sees none of it', async () => {
  const [world, other] = [await makeWorld(), await makeWorld()];
  const ledger = world.gateways.objects.ledger(world.tenant);
  for (let n = 1; n <= 60; n += 1) await ledger.topUp(`top-up:P-${n}`, n);
  const lines = await ledgerOf(world);
  expect(lines.map(({ reference }) => reference)).toEqual([...Array.from({ length: 60 }, (_, at) => `P-${60 - at}`), 'test']);
  expect(await ledgerOf(other)).toHaveLength(1);
  const operator = await makeOperator();
  expect((await operator.read('ledger', { tenant: 'tn_nobody' })).status).toBe(404);
  expect((await operator.read('ledger', { tenant: world.tenant, cursor: 'x' })).status).toBe(400);
});
