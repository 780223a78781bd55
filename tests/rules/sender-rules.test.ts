import { describe, expect, it } from 'vitest';
import senderRules from '../../schema/data/sender-rules.json';
import type { Iso2 } from '../../schema/ids';
import { LOCALES } from '../../schema/states';
import { COUNTRIES } from '../../workers/rules/countries';
import { senderWarningText, senderWarnings, type SenderWarning, type SenderWarningCode } from '../../workers/rules/sender-rules';

const warn = (sender: string, country: string): SenderWarning[] => senderWarnings(sender, country as Iso2);
const codes = (sender: string, country: string): SenderWarningCode[] => warn(sender, country).map(({ code }) => code);
const zh = (warning: SenderWarning | undefined): string =>
  warning === undefined ? '' : senderWarningText(warning.code, 'zh-CN', warning.details);

describe('what will become of a sender', () => {
  it('is nothing where it is passed through', () => {
    expect(warn('JMC', 'AD')).toEqual([
      {
        level: 'ok',
        code: 'passed',
        details: {},
        networks: [],
        doubtful: false,
        updated: '2024-04-10',
        sourceUrl: 'https://api.support.vonage.com/hc/en-us/articles/9181752227484-Andorra-SMS-Features-and-Restrictions',
      },
    ]);
  });

  it('is a registration with its documents where one is asked for', () => {
    const [first, ...others] = warn('JMC', 'AM');
    expect(first).toMatchObject({ level: 'warn', code: 'register' });
    expect(zh(others.find(({ code }) => code === 'documents'))).toContain('公司地址、公司名称');
  });

  it('is worst first', () => {
    const levels = warn('JMC', 'CA').map(({ level }) => level);
    expect(levels[0]).toBe('bad');
    for (const { iso2 } of COUNTRIES) {
      for (const sender of ['JMC', 'JMC1', '10690', '35312345678']) {
        const order = senderWarnings(sender, iso2).map(({ level }) => ['bad', 'warn', 'unknown', 'ok'].indexOf(level));
        expect(order).toEqual(order.toSorted((a, b) => a - b));
        expect(order.length).toBeGreaterThan(0);
      }
    }
  });

  it('differs for letters and digits', () => {
    expect(codes('JMC', 'AE')).toContain('register');
    expect(codes('971501234567', 'AE')[0]).toBe('two_way');
    expect(codes('+971501234567', 'AE')[0]).toBe('two_way');
  });

  it('names what each network does where they differ', () => {
    const partial = warn('12345', 'AF').find(({ code }) => code === 'partial');
    expect(partial).toMatchObject({
      level: 'bad',
      networks: [
        { mccmnc: '41240', name: 'MTN', outcome: 'refused' },
        { mccmnc: '41201', name: 'AWCC', outcome: 'overwritten' },
        { mccmnc: null, name: null, outcome: 'passed' },
      ],
    });
  });

  it('says by what the sender is replaced, once', () => {
    const korea = warn('JMC', 'KR').filter(({ code }) => code === 'overwritten' || code === 'overwrite');
    expect(korea.map(zh)).toEqual(['From 会被替换为随机长号码、国际号码']);
    expect(senderWarningText('overwrite', 'en', korea[0]?.details)).toBe(
      'The sender is replaced by a random long number, an international number',
    );
  });

  it('speaks of a limit only to those who break it', () => {
    expect(codes('JMC', 'BR')).toEqual(['passed']);
    expect(codes('JMC1', 'BR')).toEqual(['sender_charset', 'passed']);
    expect(codes('HK', 'HK')).toContain('alpha_length');
    expect(codes('JMC', 'HK')).not.toContain('alpha_length');
    expect(codes('35312345678', 'IE')).not.toContain('numeric_allowed_prefix');
    expect(codes('44712345678', 'IE')).toContain('numeric_allowed_prefix');
  });

  it('gathers the networks of one limit', () => {
    const brand = warn('JMC', 'BD').filter(({ code }) => code === 'content_must_name_brand');
    expect(brand).toHaveLength(1);
    expect(brand[0]?.networks.map(({ mccmnc }) => mccmnc)).toEqual(['47001', '47002', '47004']);
  });

  it('tells the caps of mainland China', () => {
    const cap = warn('JMC', 'CN').find(({ code }) => code === 'per_number_daily_cap');
    expect(zh(cap)).toBe('同一号码 24 小时内相同内容约 3 条、不同内容约 15 条，超出可能被拦截');
  });

  it('is unknown where there is no entry', () => {
    expect(warn('JMC', 'HT')).toEqual([
      { level: 'unknown', code: 'unknown', details: {}, networks: [], doubtful: false, updated: null, sourceUrl: null },
    ]);
  });

  it('is marked where the sources contradict themselves', () => {
    const doubtful = (sender: string, country: string): boolean => warn(sender, country).some((warning) => warning.doubtful);
    expect(['US', 'GB', 'BY', 'VE', 'CG', 'RW', 'ZA', 'PK'].map((country) => doubtful('JMC', country))).toEqual(Array(8).fill(true));
    expect(['BR', 'KR', 'VE', 'PK'].map((country) => doubtful('12345678', country))).toEqual(Array(4).fill(true));
    expect([doubtful('12345', 'US'), doubtful('JMC', 'BR'), doubtful('JMC', 'KR'), doubtful('JMC', 'FR')]).toEqual(Array(4).fill(false));
    expect(
      warn('JMC', 'PK')
        .filter((warning) => warning.doubtful)
        .every(({ networks }) => networks.some(({ mccmnc }) => mccmnc === '41004')),
    ).toBe(true);
  });

  it('can be said in both languages, with every word translated', () => {
    for (const { iso2 } of senderRules) {
      for (const sender of ['JMC1', 'Abcdefghijk', '12345', '12345678901']) {
        for (const { code, details } of warn(sender, iso2)) {
          for (const locale of LOCALES) expect(senderWarningText(code, locale, details)).not.toMatch(/\{\w+\}|undefined|[a-z]_[a-z]/);
          expect(senderWarningText(code, 'en', details)).not.toMatch(/\p{Script=Han}/u);
        }
      }
    }
  });
});
