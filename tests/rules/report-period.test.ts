import { describe, expect, it } from 'vitest';
import { foldGroups, everyDay, sumOf } from '../../workers/rules/report-figures';
import { dailyRuns, daysOf, lastDays, runsOf, startOfDay } from '../../workers/rules/report-period';
import type { Iso2 } from '../../schema/ids';
import { COUNTED_MESSAGE_STATES, type MessageState } from '../../schema/states';

const at = (text: string): number => Date.parse(text);
const counted = (time: string | null, states: Partial<Record<MessageState, number>>, country: string | null = null) => ({
  at: time === null ? null : at(time),
  country: country as Iso2 | null,
  key: null,
  user: null,
  sender: null,
  messages: COUNTED_MESSAGE_STATES.map((state) => states[state] ?? 0),
  parts: 1,
  costMicros: 2,
});

describe('the runs of a period', () => {
  it('are whole days of the platform with the hours around them, without gap or overlap', () => {
    expect(runsOf(at('2026-11-01T10:00:00Z'), at('2026-11-04T20:00:00Z'))).toEqual([
      { span: 'hour', from: at('2026-11-01T10:00:00Z'), until: at('2026-11-01T16:00:00Z') },
      { span: 'day', from: at('2026-11-01T16:00:00Z'), until: at('2026-11-04T16:00:00Z') },
      { span: 'hour', from: at('2026-11-04T16:00:00Z'), until: at('2026-11-04T20:00:00Z') },
    ]);
    expect(runsOf(at('2026-11-01T16:00:00Z'), at('2026-11-03T16:00:00Z'))).toHaveLength(1);
    expect(runsOf(at('2026-11-01T17:00:00Z'), at('2026-11-01T19:00:00Z'))).toMatchObject([{ span: 'hour' }]);
    expect(runsOf(at('2026-11-01T17:00:00Z'), at('2026-11-01T17:00:00Z'))).toEqual([]);
  });

  it('leave an hour to the period in which it begins', () => {
    expect(runsOf(at('2026-11-01T18:30:00Z'), at('2026-11-01T20:30:00Z'))).toEqual([
      { span: 'hour', from: at('2026-11-01T19:00:00Z'), until: at('2026-11-01T21:00:00Z') },
    ]);
  });

  it('by day use the days of the platform only where the zone has the same', () => {
    const [from, until] = [at('2026-11-01T16:00:00Z'), at('2026-11-05T16:00:00Z')];
    expect(dailyRuns(from, until, 'Asia/Shanghai')).toMatchObject([{ span: 'day' }]);
    expect(dailyRuns(from, until, 'Asia/Singapore')).toMatchObject([{ span: 'day' }]);
    expect(dailyRuns(from, until, 'Europe/Berlin')).toMatchObject([{ span: 'hour' }]);
  });
});

describe('days of a zone', () => {
  it('neither skip nor repeat one where clocks change', () => {
    expect(lastDays(at('2026-11-02T05:00:00Z'), 'America/New_York', 4)).toEqual(['2026-10-30', '2026-10-31', '2026-11-01', '2026-11-02']);
    expect(startOfDay('2026-11-23', 'Asia/Shanghai')).toBe(at('2026-11-22T16:00:00Z'));
    expect(daysOf(startOfDay('2026-10-30', 'America/New_York'), startOfDay('2026-11-02', 'America/New_York'), 'America/New_York')).toEqual([
      '2026-10-30',
      '2026-10-31',
      '2026-11-01',
    ]);
  });
});

describe('the figures of a report', () => {
  it('count every state once: total = delivered + failed + pending + held', () => {
    const each = Object.fromEntries(COUNTED_MESSAGE_STATES.map((state, index) => [state, 10 ** index]));
    const [all] = foldGroups([counted(null, each)], [], 'UTC');
    expect(all).toMatchObject({
      total: 111_111_111,
      delivered: 100,
      failed: 1_111_000,
      pending: 11,
      held: 110_000_000,
      sent: 1_011_110,
    });
  });

  it('count an hour for the day it has in the zone, and add what comes from several runs', () => {
    const hours = [
      counted('2026-11-22T15:00:00Z', { delivered: 3 }),
      counted('2026-11-22T16:00:00Z', { delivered: 5, failed: 2 }),
      counted('2026-11-22T17:00:00Z', { rejected: 1, submitted: 4, cancelled: 100 }),
    ];
    const days = foldGroups(hours, ['day'], 'Asia/Shanghai');
    expect(days).toMatchObject([
      { day: '2026-11-22', sent: 3, delivered: 3, failed: 0, total: 3 },
      { day: '2026-11-23', sent: 11, delivered: 5, failed: 3, total: 112, parts: 2, costMicros: 4 },
    ]);
    expect(sumOf(days)).toMatchObject({ total: 115, costMicros: 6 });
    expect(everyDay(days, ['2026-11-21', '2026-11-22'])).toMatchObject([
      { day: '2026-11-21', total: 0 },
      { day: '2026-11-22', total: 3 },
    ]);
  });

  it('stand in order of time, else the largest first', () => {
    const groups = [counted(null, { delivered: 1 }, 'DE'), counted(null, { blocked: 9 }, 'CN'), counted(null, { delivered: 1 }, 'AT')];
    expect(foldGroups(groups, ['country'], 'UTC').map(({ country }) => country)).toEqual(['CN', 'AT', 'DE']);
  });

  it('leave out groups in which nothing is left', () => {
    expect(foldGroups([counted(null, {}, 'DE')], ['country'], 'UTC')).toEqual([]);
  });
});
