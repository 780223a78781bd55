import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalMoney, formatMoney, parseMoney } from '../../workers/rules/money';

const amounts = fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER });

describe('money', () => {
  it.each([
    [0, '€0.00'],
    [31_200, '€0.0312'],
    [1_234_500_000, '€1,234.50'],
    [-5_000_000, '-€5.00'],
    [1, '€0.000001'],
    [Number.MAX_SAFE_INTEGER, '€9,007,199,254.740991'],
  ])('%i micros is shown as %s', (micros, text) => {
    expect(formatMoney(micros, 'zh-CN')).toBe(text);
  });

  it('is shown in its currency, unmistakably in each language', () => {
    expect(['USD', 'CNY', 'SGD'].map((currency) => formatMoney(1_500_000, 'en', currency))).toEqual(['$1.50', 'CN¥1.50', 'SGD 1.50']);
    expect(['USD', 'CNY', 'SGD'].map((currency) => formatMoney(1_500_000, 'zh-CN', currency))).toEqual(['US$1.50', '¥1.50', 'SGD 1.50']);
  });

  it('comes back exactly from what was shown or written', () => {
    fc.assert(
      fc.property(amounts, (micros) => {
        expect(parseMoney(decimalMoney(micros))).toBe(micros === 0 ? 0 : micros);
        expect(parseMoney(formatMoney(Math.abs(micros), 'en'))).toBe(Math.abs(micros));
      }),
    );
  });

  it.each([
    ['12', 12_000_000],
    [' 12.5 ', 12_500_000],
    ['1,234.50', 1_234_500_000],
    ['€0.0312', 31_200],
    ['-3', -3_000_000],
    ['0.1', 100_000],
    ['-0', 0],
  ])('%j is read as %i micros', (text, micros) => {
    expect(parseMoney(text)).toBe(micros);
  });

  it.each(['', '.5', '5.', '1,5', '12,34', '1.234,50', '0.0000001', '1e3', '--1', 'abc', '12 €', '99999999999999'])(
    '%j is no amount',
    (text) => {
      expect(parseMoney(text)).toBeNull();
    },
  );

  it('refuses to show a fraction of a micro', () => {
    expect(() => formatMoney(0.5, 'en')).toThrow(RangeError);
  });
});
