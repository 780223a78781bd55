import { getCountries, getCountryCallingCode } from 'libphonenumber-js/max';
import { describe, expect, it } from 'vitest';
import type { Iso2 } from '../../schema/ids';
import { COUNTRIES, countryName, countryOf, isIso2 } from '../../workers/rules/countries';

describe('countries', () => {
  it('are the 250 of ISO and Kosovo, and the two that have numbers of their own besides', () => {
    expect(COUNTRIES).toHaveLength(252);
    expect(new Set(COUNTRIES.map(({ iso2 }) => iso2)).size).toBe(252);
    for (const { iso2 } of COUNTRIES) expect(iso2).toMatch(/^[A-Z]{2}$/);
  });

  it('hold every country that a phone number can have, under its calling code', () => {
    for (const country of getCountries())
      expect([country, countryOf(country as string as Iso2)?.dial]).toEqual([country, getCountryCallingCode(country)]);
  });

  it('have a name in both languages', () => {
    for (const { iso2, nameZh, nameEn } of COUNTRIES) {
      expect(nameZh).toMatch(/^[\p{Script=Han}、（）-]+$/u);
      expect(nameEn).toMatch(/^[\p{Script=Latin}' ().,&-]+$/u);
      expect(countryName(iso2, 'zh-CN')).toBe(nameZh);
      expect(countryName(iso2, 'en')).toBe(nameEn);
    }
  });

  it('are named as papers in China name them', () => {
    expect(['CN', 'HK', 'MO', 'TW', 'US'].map((code) => countryName(code as Iso2, 'zh-CN'))).toEqual([
      '中国',
      '中国香港',
      '中国澳门',
      '中国台湾',
      '美国',
    ]);
  });

  it('are known by their upper-case code only', () => {
    expect(isIso2('CN')).toBe(true);
    for (const text of ['cn', 'ZZ', '', 'CHN']) expect(isIso2(text)).toBe(false);
    expect(countryName('ZZ' as Iso2, 'en')).toBe('ZZ');
  });
});
