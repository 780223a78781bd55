import { describe, expect, it } from 'vitest';
import { preferredLocale } from '../../workers/rules/accept-language';

describe('the language of an answer', () => {
  it.each([
    ['en', 'en'],
    ['en-GB,en;q=0.9,zh;q=0.8', 'en'],
    ['zh-TW', 'zh-CN'],
    ['zh-Hant-HK, en;q=0.7', 'zh-CN'],
    ['zh;q=0.1, en;q=0.9', 'en'],
    ['fr-FR, de;q=0.9, en;q=0.2', 'en'],
    ['en;q=0, zh', 'zh-CN'],
    ['en;q=0.5, zh;q=0.5', 'en'],
    ['EN-us ; Q = 0.3 , ZH ; q=0.29', 'en'],
    ['en;q=abc, zh;q=0.001', 'zh-CN'],
    ['en;q=1.000', 'en'],
  ])('is for %s that of %s', (header, locale) => {
    expect(preferredLocale(header)).toBe(locale);
  });

  it.each([[null], [''], ['fr'], ['*'], ['en;q=0'], ['en;q=7'], ['english'], [';;,,;q=1'], ['zhen']])(
    'is left to the platform for %s',
    (header) => {
      expect(preferredLocale(header)).toBeNull();
    },
  );

  it('costs no more for a header without end', () => {
    expect(preferredLocale(`${'fr,'.repeat(100_000)}en`)).toBeNull();
  });
});
