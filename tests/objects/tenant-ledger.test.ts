import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { TenantLedger } from '../../durable-objects/tenant-ledger';
import type { Env } from '../../schema/env';
import { newTenantId } from '../../schema/ids';
import { worldGateways } from '../support/world';

const ledger = () => worldGateways().objects.ledger(newTenantId());

describe('the ledger of a tenant', () => {
  it('takes a top-up once, however often it is told', async () => {
    const own = ledger();
    await own.topUp('invoice 1', 500);
    await own.topUp('invoice 1', 500);
    await own.topUp('correction', -100);
    expect(await own.balance()).toEqual({ balanceMicros: 400, reservedMicros: 0, availableMicros: 400 });
  });

  it('holds no more than there is, also when many ask at once', async () => {
    const own = ledger();
    await own.topUp('a', 100);
    const answers = await Promise.all(Array.from({ length: 5 }, (_, n) => own.reserve(`task ${n}`, 30)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(3);
    expect(await own.reserve('task 9', 30)).toEqual({ ok: false, availableMicros: 10 });
    expect(await own.balance()).toEqual({ balanceMicros: 100, reservedMicros: 90, availableMicros: 10 });
  });

  it('replaces a reservation by another amount if it can, and counts its own part of the money for that', async () => {
    const own = ledger();
    await own.topUp('a', 100);
    await own.reserve('task', 80);
    expect(await own.reserve('task', 100)).toEqual({ ok: true });
    expect(await own.reserve('task', 101)).toEqual({ ok: false, availableMicros: 100 });
    expect((await own.balance()).reservedMicros).toBe(100);
  });

  it('spends what a reservation cost and frees the rest, once', async () => {
    const own = ledger();
    await own.topUp('a', 100);
    await own.reserve('task', 80);
    await own.settle('task', 30);
    await own.settle('task', 30);
    await own.settle('nobody', 50);
    expect(await own.balance()).toEqual({ balanceMicros: 70, reservedMicros: 0, availableMicros: 70 });
    await own.reserve('task', 80);
    expect((await own.balance()).reservedMicros).toBe(0);
  });

  it('gives back what a settled task did not cost after all, once', async () => {
    const own = ledger();
    await own.topUp('a', 100);
    await own.reserve('task', 80);
    await own.settle('task', 30);
    await own.settle('task', 20);
    await own.settle('task', 20);
    expect(await own.balance()).toEqual({ balanceMicros: 80, reservedMicros: 0, availableMicros: 80 });
    expect(await own.entries(1)).toMatchObject([{ kind: 'settle', micros: 20 }]);
    // Whoever thought that nothing was spent is mistaken.
    await own.release('task');
    expect((await own.balance()).balanceMicros).toBe(80);
  });

  it('holds nothing more for what was settled, also when it was for nothing', async () => {
    const own = ledger();
    await own.topUp('a', 100);
    await own.reserve('task', 80);
    await own.settle('task', 0);
    await own.settle('never confirmed', 0);
    expect([await own.reserve('task', 80), await own.reserve('never confirmed', 80)]).toEqual([{ ok: true }, { ok: true }]);
    expect((await own.balance()).reservedMicros).toBe(0);
  });

  it('may hold again what was freed for nothing', async () => {
    const own = ledger();
    await own.topUp('a', 100);
    await own.reserve('task', 80);
    await own.release('task');
    expect(await own.reserve('task', 60)).toEqual({ ok: true });
    expect((await own.balance()).reservedMicros).toBe(60);
  });

  it('tells its entries, the newest first', async () => {
    const own = ledger();
    await own.topUp('a', 100);
    await own.reserve('task', 80);
    await own.settle('task', 30);
    expect((await own.entries(2)).map(({ kind, micros, reference }) => [kind, micros, reference])).toEqual([
      ['settle', 30, 'task'],
      ['reserve', 80, 'task'],
    ]);
  });

  it('refuses an amount that is no whole number of micro-EUR', async () => {
    const stub = (env as unknown as Env).TENANT_LEDGER.getByName('fractions') as DurableObjectStub<TenantLedger>;
    await runInDurableObject(stub, async (own) => {
      await expect(own.topUp('b', 0.5)).rejects.toThrow('whole number');
      expect((await own.balance()).balanceMicros).toBe(0);
    });
  });
});
