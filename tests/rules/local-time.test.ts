import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDay, formatLocal, isTimeZone, parseLocal } from '../../workers/rules/local-time';

const ZONES = [
  'Asia/Shanghai',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'America/St_Johns',
  'Pacific/Chatham',
  'Africa/Casablanca',
  'Asia/Tehran',
  'UTC',
];
const zones = fc.constantFrom(...ZONES);
const instants = fc.integer({ min: Date.UTC(2015, 0, 1), max: Date.UTC(2035, 0, 1) });

/** Intl's own answer, slow and sure; Swedish writes times as we do. */
const intl = (ms: number, zone: string): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }).format(ms);

describe('local time', () => {
  it('is that of the zone', () => {
    expect(formatLocal(Date.UTC(2026, 10, 23, 16, 0, 1), 'Asia/Shanghai')).toBe('2026-11-24 00:00:01');
    expect(formatLocal(Date.UTC(2026, 10, 23, 16, 0, 1, 999), 'UTC')).toBe('2026-11-23 16:00:01');
    expect(formatDay(Date.UTC(2026, 10, 23, 16), 'Asia/Shanghai')).toBe('2026-11-24');
    expect(formatLocal(-1, 'UTC')).toBe('1969-12-31 23:59:59');
  });

  it('agrees with Intl at any instant', () => {
    fc.assert(
      fc.property(instants, zones, (ms, zone) => {
        expect(formatLocal(ms, zone)).toBe(intl(ms, zone));
        expect(formatDay(ms, zone)).toBe(intl(ms, zone).slice(0, 10));
      }),
      { numRuns: 1_000 },
    );
  });

  it('agrees with Intl around every change of clocks of a year', () => {
    for (const zone of ZONES) {
      for (let quarter = Date.UTC(2026, 0, 1); quarter < Date.UTC(2027, 0, 1); quarter += 15 * 60_000) {
        const before = formatLocal(quarter - 1, zone);
        const after = formatLocal(quarter, zone);
        if (Date.parse(`${after}Z`) - Date.parse(`${before}Z`) === 1_000) continue;
        expect([zone, before, after]).toEqual([zone, intl(quarter - 1, zone), intl(quarter, zone)]);
      }
    }
  });

  it('keeps zones apart', () => {
    const ms = Date.UTC(2026, 6, 1, 12);
    expect(ZONES.map((zone) => formatLocal(ms, zone))).toEqual(ZONES.map((zone) => intl(ms, zone)));
  });

  it('knows which zones there are', () => {
    expect(['Asia/Shanghai', 'UTC', 'Mars/Olympus', ''].map(isTimeZone)).toEqual([true, true, false, false]);
    expect(() => formatLocal(0, 'Mars/Olympus')).toThrow(RangeError);
  });
});

describe('reading a local time', () => {
  it.each([
    ['2026-11-24T00:00', 'Asia/Shanghai', '2026-11-23T16:00:00Z'],
    ['2026-11-24T00:00:30', 'Asia/Shanghai', '2026-11-23T16:00:30Z'],
    ['2026-11-24 08:15', 'UTC', '2026-11-24T08:15:00Z'],
    ['2026-11-24', 'Asia/Shanghai', '2026-11-23T16:00:00Z'],
    ['2026-07-01T12:00', 'Europe/Berlin', '2026-07-01T10:00:00Z'],
    ['2026-12-01T12:00', 'Europe/Berlin', '2026-12-01T11:00:00Z'],
    // Clocks go from 02:00 to 03:00: a time between is read with the offset before the change.
    ['2026-03-29T02:30', 'Europe/Berlin', '2026-03-29T01:30:00Z'],
    ['2026-03-29T03:00', 'Europe/Berlin', '2026-03-29T01:00:00Z'],
    // Clocks go from 03:00 back to 02:00: the first of the two.
    ['2026-10-25T02:30', 'Europe/Berlin', '2026-10-25T00:30:00Z'],
    ['2026-10-25T03:00', 'Europe/Berlin', '2026-10-25T02:00:00Z'],
    ['2026-11-01T01:30', 'America/New_York', '2026-11-01T05:30:00Z'],
    ['2028-02-29T00:00', 'UTC', '2028-02-29T00:00:00Z'],
  ])('%s in %s is %s', (text, zone, utc) => {
    expect(parseLocal(text, zone)).toBe(Date.parse(utc));
  });

  it('leads back to what was shown, but in the hour that comes twice', () => {
    fc.assert(
      fc.property(instants, zones, (ms, zone) => {
        const shown = formatLocal(ms, zone);
        const read = parseLocal(shown, zone) ?? Number.NaN;
        expect(formatLocal(read, zone)).toBe(shown);
        expect(read).toBeLessThanOrEqual(ms);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    '',
    '2026-02-30T00:00',
    '2026-13-01T00:00',
    '2026-01-01T24:00',
    '2026-01-01T23:60',
    '2026-1-1',
    '24/11/2026',
    'now',
    '2026-01-01T00:00Z',
  ])('%j is no time', (text) => {
    expect(parseLocal(text, 'UTC')).toBeNull();
  });
});
