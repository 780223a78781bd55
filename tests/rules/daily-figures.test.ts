import { describe, expect, it } from 'vitest';
import { figuresByCountry, figuresByDay, lastDays, startOfDay } from '../../workers/rules/daily-figures';

const at = (text: string): number => Date.parse(text);

describe('figures of the home page', () => {
  it('count an hour for the day it has in the user’s zone', () => {
    const now = at('2026-11-23T01:00:00Z');
    const days = lastDays(now, 'Asia/Shanghai', 2);
    expect(days).toEqual(['2026-11-22', '2026-11-23']);
    expect(startOfDay('2026-11-23', 'Asia/Shanghai')).toBe(at('2026-11-22T16:00:00Z'));
    const hours = [
      { hourAt: at('2026-11-22T15:00:00Z'), state: 'delivered', messages: 3 },
      { hourAt: at('2026-11-22T16:00:00Z'), state: 'delivered', messages: 5 },
      { hourAt: at('2026-11-22T16:00:00Z'), state: 'failed', messages: 2 },
      { hourAt: at('2026-11-22T17:00:00Z'), state: 'rejected', messages: 1 },
      { hourAt: at('2026-11-22T17:00:00Z'), state: 'submitted', messages: 4 },
      { hourAt: at('2026-11-22T17:00:00Z'), state: 'cancelled', messages: 100 },
    ];
    expect(figuresByDay(hours, days, 'Asia/Shanghai')).toEqual([
      { day: '2026-11-22', submitted: 3, delivered: 3, failed: 0 },
      { day: '2026-11-23', submitted: 11, delivered: 5, failed: 3 },
    ]);
  });

  it('neither skip nor repeat a day where clocks change', () => {
    const days = lastDays(at('2026-11-02T05:00:00Z'), 'America/New_York', 4);
    expect(days).toEqual(['2026-10-30', '2026-10-31', '2026-11-01', '2026-11-02']);
  });

  it('order countries by what was sent and leave out those where nothing was', () => {
    expect(
      figuresByCountry([
        { country: 'DE', state: 'delivered', messages: 1 },
        { country: 'CN', state: 'delivered', messages: 5 },
        { country: 'CN', state: 'expired', messages: 1 },
        { country: 'FR', state: 'blocked', messages: 9 },
      ]),
    ).toEqual([
      { country: 'CN', messages: 6, delivered: 5, failed: 1 },
      { country: 'DE', messages: 1, delivered: 1, failed: 0 },
    ]);
  });
});
