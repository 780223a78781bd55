import { and, eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import type { HomeView } from '../../schema/console';
import type { Iso2 } from '../../schema/ids';
import { JUMP_LOOK_EVERY_MS, JUMP_OVER_MS } from '../../schema/limits';
import type { MessageState } from '../../schema/states';
import { auditLog, localMails, trafficJumps } from '../../schema/tables';
import { runRepairs } from '../../workers/jobs/repairs';
import { reportTotals } from '../support/totals';
import { makeWorld, type World } from '../support/world';

const HOUR = 60 * 60 * 1_000;
/** The cron comes each minute; this is one of those at which it looks. */
const look = (at: number): number => Math.floor(at / JUMP_LOOK_EVERY_MS) * JUMP_LOOK_EVERY_MS;
const sent = (world: World, at: number, messages: number, state: MessageState = 'delivered') =>
  reportTotals(world, [{ at: Math.floor(at / HOUR) * HOUR, country: 'LV', states: { [state]: messages } }]);
const mails = (world: World, recipient: string) =>
  world.gateways.database.select().from(localMails).where(eq(localMails.recipient, recipient));
const watch = (world: World, at: number) => runRepairs(world.gateways, look(at));

describe('a jump of a country’s traffic', () => {
  it('is told to each owner once while it lasts, in their language, kept in the audit, and shown at home', async () => {
    const world = await makeWorld();
    const chinese = await world.addUser({ role: 'owner', locale: 'zh-CN' });
    const sender = await world.addUser({ role: 'sender' });
    const now = Date.now();
    await sent(world, now - 48 * HOUR, 50);
    await watch(world, now);
    expect(await mails(world, world.email)).toEqual([]);
    await sent(world, now, 900);
    for (let later = 0; later < 3; later += 1) await watch(world, now + later * JUMP_LOOK_EVERY_MS);
    expect(await mails(world, world.email)).toMatchObject([{ subject: 'JMC: Latvia: a jump in volume' }]);
    expect(await mails(world, chinese.email)).toMatchObject([{ subject: '锦木通信平台：拉脱维亚：发送量激增' }]);
    expect(await mails(world, sender.email)).toEqual([]);
    const audited = and(eq(auditLog.tenantId, world.tenant), eq(auditLog.action, 'traffic_jump'));
    expect(await world.gateways.database.select().from(auditLog).where(audited)).toMatchObject([{ subject: 'LV volume', userId: null }]);
    const home = await (await world.fetch('/api/home')).json<HomeView>();
    const titles = ({ notices }: HomeView): string[] => notices.map(({ title }) => title).filter((title) => title.startsWith('Latvia'));
    expect(titles(home)).toEqual(['Latvia: a jump in volume']);
    const other = await (await (await makeWorld()).fetch('/api/home')).json<HomeView>();
    expect(titles(other)).toEqual([]);
  });

  it('that comes back after it was over is told again', async () => {
    const world = await makeWorld();
    const now = Date.now();
    await sent(world, now, 900);
    await watch(world, now);
    await sent(world, now + 2 * JUMP_OVER_MS, 900 * 4);
    await watch(world, now + 2 * JUMP_OVER_MS);
    expect(await mails(world, world.email)).toHaveLength(2);
  });

  it('that was found by a Worker that died before it told anybody is told by the next', async () => {
    const world = await makeWorld();
    const now = Date.now();
    await sent(world, now, 900);
    const found = {
      tenantId: world.tenant,
      country: 'LV' as Iso2,
      kind: 'volume',
      found: 900,
      usual: 0,
      raisedAt: now,
      seenAt: now,
    } as const;
    await world.gateways.database.insert(trafficJumps).values(found);
    await watch(world, now + JUMP_LOOK_EVERY_MS);
    expect(await mails(world, world.email)).toHaveLength(1);
  });

  it('of failures is told as such', async () => {
    const world = await makeWorld();
    const now = Date.now();
    await sent(world, now - 30 * HOUR, 2_000);
    await sent(world, now, 60);
    await sent(world, now, 60, 'failed');
    await watch(world, now);
    expect(await mails(world, world.email)).toMatchObject([{ subject: 'JMC: Latvia: a jump in failures' }]);
  });
});
