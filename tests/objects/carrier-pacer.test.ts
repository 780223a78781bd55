import { describe, expect, it } from 'vitest';
import { Pace, type LeaseRequest } from '../../durable-objects/carrier-pacer/pace';
import { newCarrierAccountId } from '../../schema/ids';
import { worldGateways } from '../support/world';

const marketing = (task: string, want: number, perSecond = 100): LeaseRequest => ({ perSecond, task, traffic: 'marketing', want });
const transactional = (want: number, perSecond = 100): LeaseRequest => ({ perSecond, task: 'codes', traffic: 'transactional', want });

/** Asks for each task as often as it is told to, for `durationMs`. @returns what each was granted */
function run(pace: Pace, asks: readonly LeaseRequest[], durationMs: number, startAt = 1_000_000): Map<string, number> {
  const granted = new Map<string, number>();
  const againAt = new Map<string, number>();
  for (let now = startAt; now < startAt + durationMs; now += 10) {
    for (const ask of asks) {
      if ((againAt.get(ask.task) ?? 0) > now) continue;
      const lease = pace.lease(ask, now);
      granted.set(ask.task, (granted.get(ask.task) ?? 0) + lease.granted);
      againAt.set(ask.task, now + Math.max(10, lease.waitMs));
    }
  }
  return granted;
}

describe('the pace of a carrier account', () => {
  it('grants a second at once and its rate after that', () => {
    expect(run(new Pace(), [marketing('a', 1_000)], 10_000).get('a')).toBeGreaterThanOrEqual(1_000);
    expect(run(new Pace(), [marketing('a', 1_000)], 10_000).get('a')).toBeLessThanOrEqual(1_100);
  });

  it('never grants more than two seconds of its rate in any one second', () => {
    const pace = new Pace();
    const grants: [number, number][] = [];
    for (let now = 0; now < 20_000; now += 10) grants.push([now, pace.lease(marketing('a', 50), now).granted]);
    const inSecond = grants.map(([from]) =>
      grants.filter(([at]) => at >= from && at < from + 1_000).reduce((sum, [, granted]) => sum + granted, 0),
    );
    expect(Math.max(...inSecond)).toBeLessThanOrEqual(200);
  });

  it('shares the rate among tasks, whatever they want', () => {
    const granted = run(new Pace(), [marketing('large', 10_000), marketing('small', 20), marketing('other', 800)], 20_000);
    for (const task of ['large', 'small', 'other']) expect(granted.get(task)).toBeGreaterThan(550);
    expect([...granted.values()].reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(2_100);
  });

  it('gives the share of a task that wants nothing to the others', () => {
    const pace = new Pace();
    run(pace, [marketing('a', 500), marketing('b', 500)], 3_000);
    expect(run(pace, [marketing('a', 500)], 10_000, 1_010_000).get('a')).toBeGreaterThan(900);
  });

  it('lets codes go first, and campaigns pay for them', () => {
    const pace = new Pace();
    expect(pace.lease(marketing('a', 1_000), 0).granted).toBe(100);
    expect(pace.lease(transactional(50), 1)).toEqual({ granted: 50, waitMs: 0 });
    expect(pace.lease(marketing('a', 1_000), 400).granted).toBe(0);
    expect(pace.lease(marketing('a', 1_000), 1_600).granted).toBeGreaterThanOrEqual(100);
  });

  it('does not let codes run into debt without end', () => {
    const pace = new Pace();
    expect(pace.lease(transactional(10_000), 0).granted).toBeLessThanOrEqual(300);
    expect(pace.lease(transactional(10), 1)).toMatchObject({ granted: 0 });
    expect(pace.lease(transactional(10), 500).granted).toBe(10);
  });

  it('halves the rate when the carrier throttles, and comes back', () => {
    const pace = new Pace();
    run(pace, [marketing('a', 1_000)], 2_000);
    pace.slowDown(1_002_000);
    pace.slowDown(1_002_100);
    const slowed = run(pace, [marketing('a', 1_000)], 5_000, 1_002_100).get('a') ?? 0;
    expect(slowed).toBeLessThan(330);
    expect(slowed).toBeGreaterThan(200);
    expect(run(pace, [marketing('a', 1_000)], 5_000, 1_040_000).get('a')).toBeGreaterThanOrEqual(490);
  });

  it('serves a rate of one a second', () => {
    const granted = run(new Pace(), [marketing('a', 100, 1), marketing('b', 100, 1)], 20_000);
    expect(granted.get('a')).toBeGreaterThanOrEqual(8);
    expect(granted.get('b')).toBeGreaterThanOrEqual(8);
  });
});

it('one object keeps the pace for everybody who asks', async () => {
  const account = newCarrierAccountId();
  const leases = await Promise.all(
    Array.from({ length: 10 }, () =>
      worldGateways()
        .objects.pacer(account)
        .lease(marketing('a', 50, 100)),
    ),
  );
  expect(leases.reduce((sum, { granted }) => sum + granted, 0)).toBeLessThanOrEqual(110);
});

describe('what a carrier account let out', () => {
  it('is told a second, over the last minute, and forgotten after it', () => {
    const pace = new Pace();
    const start = 1_000_000;
    const granted = run(pace, [marketing('a', 1_000)], 30_000, start).get('a') ?? 0;
    expect(pace.recent(start + 30_000)).toBeCloseTo(granted / 60, 5);
    expect(pace.recent(start + 200_000)).toBe(0);
  });
});
