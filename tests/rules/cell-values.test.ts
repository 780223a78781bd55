import { describe, expect, it } from 'vitest';
import { columnOf, dateText, isDateFormat, numberText } from '../../workers/gateways/spreadsheets/cell-values';

describe('the text of a cell', () => {
  it.each([
    ['8613800138000', '8613800138000'],
    ['8.6138001380000002E+12', '8613800138000'],
    ['861380013800012', '861380013800012'],
    ['1E+20', '100000000000000000000'],
    ['0.30000000000000004', '0.3'],
    ['1E-7', '0.0000001'],
    ['-12.50', '-12.5'],
    ['8613800138000.0', '8613800138000'],
    ['', ''],
    ['abc', 'abc'],
    ['0012', '0012'],
  ])('of the number %s is %s', (raw, text) => {
    expect(numberText(raw)).toBe(text);
  });

  it.each([
    ['46349', false, '2026-11-23'],
    ['46349.586863425924', false, '2026-11-23 14:05:05'],
    ['44887', true, '2026-11-23'],
    ['0.5', false, '12:00:00'],
    ['8613800138000', false, null],
    ['-1', false, null],
    ['', false, null],
  ])('of the day %s (from 1904: %s) is %s', (raw, from1904, text) => {
    expect(dateText(raw, from1904)).toBe(text);
  });

  it('is a date by its format only when that shows parts of a date', () => {
    expect(isDateFormat(14, undefined)).toBe(true);
    expect(isDateFormat(0, undefined)).toBe(false);
    expect(['yyyy"年"m"月"', '[$-804]yyyy/m/d', '[h]:mm', 'd-mmm'].map((code) => isDateFormat(170, code))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(['0.00', '"day"0', '[Red]0', '\\d0', 'General', '#,##0_m'].map((code) => isDateFormat(170, code))).toEqual([
      false,
      false,
      false,
      false,
      false,
      false,
    ]);
  });

  it('stands in the column that its reference names', () => {
    expect(['A1', 'Z9', 'AA1', 'XFD1048576', undefined, '12'].map(columnOf)).toEqual([0, 25, 26, 16_383, -1, -1]);
  });
});
