import { describe, expect, it } from 'vitest';
import { sentUntil, type GroupFigures } from '../../workers/rules/report-figures';

const HOUR_MS = 60 * 60 * 1_000;
const hour = (at: number, sent: number): GroupFigures => ({
  country: null,
  day: null,
  hour: at,
  key: null,
  user: null,
  sender: null,
  total: sent,
  sent,
  delivered: 0,
  failed: 0,
  pending: 0,
  held: 0,
  parts: 0,
  costMicros: 0,
});

describe('what was sent by a time', () => {
  const hours = [hour(0, 100), hour(HOUR_MS, 60), hour(2 * HOUR_MS, 1_000)];

  it('counts hours that are over, and of the begun one what had passed of it', () => {
    expect(sentUntil(hours, HOUR_MS)).toBe(100);
    expect(sentUntil(hours, 1.5 * HOUR_MS)).toBe(130);
    expect(sentUntil([], HOUR_MS)).toBe(0);
  });
});
