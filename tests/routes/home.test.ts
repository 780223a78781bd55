import { describe, expect, it } from 'vitest';
import type { HomeView } from '../../schema/console';
import { addNotice } from '../../workers/gateways/stores/notices';
import { newNoticeId } from '../../schema/ids';
import { formatDay } from '../../workers/rules/local-time';
import { addTask, manyRows } from '../support/log-messages';
import { reportTotals } from '../support/totals';
import { makeWorld, request, type World } from '../support/world';

const HOUR = 60 * 60 * 1000;
/** The hour that has begun, which is today everywhere. */
const thisHour = (): number => Math.floor(Date.now() / HOUR) * HOUR;
const home = async (world: World): Promise<HomeView> => await (await world.fetch('/api/home')).json();

describe('the home page', () => {
  it('adds up today, the trend and the countries from what shards report, each report once', async () => {
    const world = await makeWorld();
    const now = thisHour();
    const first = await reportTotals(world, [
      { at: now, country: 'CN', states: { delivered: 10, submitted: 5 }, costMicros: 450 },
      { at: now, country: 'DE', states: { failed: 2, blocked: 9 }, costMicros: 80 },
    ]);
    await reportTotals(world, [
      { at: now - 40 * 24 * HOUR, country: 'US', states: { delivered: 7 }, costMicros: 9 },
      { at: now - 3 * 24 * HOUR, country: 'US', states: { delivered: 4 }, costMicros: 9 },
    ]);
    await reportTotals(world, [{ at: now, country: 'CN', states: { delivered: 15 }, costMicros: 450 }], { shard: first });
    const shown = await home(world);
    expect(shown.today).toEqual({ submitted: 17, delivered: 15, failed: 2, costMicros: 530 });
    expect(shown.days).toHaveLength(30);
    expect(shown.days.at(-1)).toMatchObject({ submitted: 17, delivered: 15, failed: 2 });
    expect(shown.days.reduce((sum, day) => sum + day.delivered, 0)).toBe(19);
    expect(shown.countries).toEqual([
      { country: 'CN', messages: 15, delivered: 15, failed: 0 },
      { country: 'US', messages: 4, delivered: 4, failed: 0 },
      { country: 'DE', messages: 2, delivered: 0, failed: 2 },
    ]);
  });

  it('compares with yesterday by the same time', async () => {
    const world = await makeWorld();
    const now = thisHour();
    const startOfDay = Date.parse(`${formatDay(now, 'Asia/Shanghai')}T00:00:00+08:00`);
    await reportTotals(world, [{ at: startOfDay - 24 * HOUR, country: 'CN', states: { delivered: 40 } }]);
    // Later than this time yesterday.
    await reportTotals(world, [{ at: now - 23 * HOUR, country: 'CN', states: { delivered: 1_000 } }]);
    const { submittedYesterday } = await home(world);
    // In the first hour of a day, as much of it as has passed.
    const passed = Math.min(1, (Date.now() - startOfDay) / HOUR);
    expect(submittedYesterday).toBeGreaterThanOrEqual(Math.floor(40 * passed) - 1);
    expect(submittedYesterday).toBeLessThanOrEqual(40);
  });

  it('shows tasks that something is happening to, and notices in the user’s language', async () => {
    const world = await makeWorld({ locale: 'zh-CN' });
    const { task } = await addTask(world, { rows: manyRows(5), name: '双十一' });
    await addNotice(world.gateways.database, {
      id: newNoticeId(),
      titleZh: '维护',
      titleEn: 'Maintenance',
      bodyZh: '今晚',
      bodyEn: 'Tonight',
      postedAt: Date.now(),
    });
    const shown = await home(world);
    expect(shown.running).toMatchObject([
      { id: task, name: '双十一', state: 'paused', valid: 5, userName: 'Test User', actions: ['resume', 'stop'] },
    ]);
    expect(shown.notices[0]).toMatchObject({ title: '维护', body: '今晚' });
  });

  it('shows nothing of another tenant', async () => {
    const [world, stranger] = await Promise.all([makeWorld(), makeWorld()]);
    await addTask(world, { rows: manyRows(5) });
    await reportTotals(world, [{ at: thisHour(), country: 'CN', states: { delivered: 10 }, costMicros: 300 }]);
    const shown = await home(stranger);
    expect(shown.today).toEqual({ submitted: 0, delivered: 0, failed: 0, costMicros: 0 });
    expect(shown.countries).toEqual([]);
    expect(shown.running).toEqual([]);
    expect((await request('/api/home')).status).toBe(401);
  });
});
