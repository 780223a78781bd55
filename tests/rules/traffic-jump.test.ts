import { describe, expect, it } from 'vitest';
import { JUMP_ENDED_MIN, JUMP_FAILURE_POINTS, JUMP_MESSAGES_MIN, JUMP_VOLUME_TIMES } from '../../schema/limits';
import type { Iso2 } from '../../schema/ids';
import { trafficJumps, type HourCell } from '../../workers/rules/traffic-jump';
import { trafficJumpText } from '../../workers/rules/traffic-jump-text';

const HOUR = 3_600_000;
const NOW = 500_000 * HOUR;
const cell = (hoursAgo: number, messages: number, state = 'delivered', country = 'LV'): HourCell => ({
  hourAt: NOW - hoursAgo * HOUR,
  country: country as Iso2,
  state,
  messages,
});
const jumps = (...cells: HourCell[]) => trafficJumps(cells, NOW - HOUR);

describe('volume', () => {
  it('jumps at three times the busiest hour before, and not below', () => {
    const usual = 1_000;
    expect(jumps(cell(20, usual), cell(30, 10), cell(0, JUMP_VOLUME_TIMES * usual))).toEqual([
      { country: 'LV', kind: 'volume', found: 3_000, usual },
    ]);
    expect(jumps(cell(20, usual), cell(0, JUMP_VOLUME_TIMES * usual - 1))).toEqual([]);
  });

  it('to a country that was never sent to jumps once it is worth a word', () => {
    expect(jumps(cell(0, JUMP_MESSAGES_MIN - 1))).toEqual([]);
    expect(jumps(cell(1, JUMP_MESSAGES_MIN))).toMatchObject([{ kind: 'volume', usual: 0 }]);
  });

  it('is an hour’s, not two hours’ together, and of what was meant to leave', () => {
    const half = JUMP_MESSAGES_MIN / 2;
    expect(jumps(cell(0, half), cell(1, half))).toEqual([]);
    expect(jumps(cell(0, 5 * JUMP_MESSAGES_MIN, 'blocked'), cell(0, 5 * JUMP_MESSAGES_MIN, 'cancelled'))).toEqual([]);
    expect(jumps(cell(0, half, 'accepted'), cell(0, half, 'submitted'))).toMatchObject([{ kind: 'volume' }]);
  });

  it('is each country’s own', () => {
    expect(jumps(cell(5, 1_000, 'delivered', 'SG'), cell(0, 1_000, 'delivered', 'SG'), cell(0, 900))).toMatchObject([{ country: 'LV' }]);
  });
});

describe('failures', () => {
  const before = [cell(40, 9_000), cell(40, 1_000, 'failed')];
  const failing = (percent: number, ended: number) => [cell(0, ended - percent, 'delivered'), cell(0, percent, 'failed')];
  it('jump by points over what failed before', () => {
    expect(jumps(...before, ...failing(10 + JUMP_FAILURE_POINTS, 100))).toEqual([
      { country: 'LV', kind: 'failures', found: 35, usual: 10 },
    ]);
    expect(jumps(...before, ...failing(9 + JUMP_FAILURE_POINTS, 100))).toEqual([]);
  });

  it('of a few messages say nothing, and messages without an end are no failures', () => {
    expect(jumps(...before, cell(0, JUMP_ENDED_MIN - 1, 'failed'))).toEqual([]);
    expect(jumps(...before, cell(0, 1_000, 'submitted'))).toEqual([]);
    for (const state of ['failed', 'expired', 'rejected', 'unknown'])
      expect(jumps(...before, cell(1, JUMP_ENDED_MIN, state))).toMatchObject([{ kind: 'failures', found: 100 }]);
  });
});

it('is told in both languages with its figures', () => {
  const volume = { country: 'LV' as Iso2, kind: 'volume', found: 12_000, usual: 40 } as const;
  expect(trafficJumpText('en', volume).text).toContain('12,000 messages went to Latvia');
  expect(trafficJumpText('zh-CN', volume)).toMatchObject({ subject: '拉脱维亚：发送量激增' });
  expect(trafficJumpText('en', { ...volume, kind: 'failures', found: 80, usual: 3 }).text).toContain('80% of the messages');
  expect(trafficJumpText('zh-CN', { ...volume, kind: 'failures', found: 80, usual: 3 }).text).toContain('失败率达到 80%');
});
