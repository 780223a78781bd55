import { describe, expect, it } from 'vitest';
import { departures, fitsTemplate, signatureName, signed, splitSignature, tellsOptOut } from '../../workers/rules/mainland';

describe('a signature', () => {
  it('stands in front once, however it was typed', () => {
    expect(signed('星河', '您好')).toBe('【星河】您好');
    expect(signed('星河', '【星河】您好')).toBe('【星河】您好');
    expect(signed('星河', '【 星河 】您好')).toBe('【星河】您好');
    expect(signed('星河', '【别家】您好')).toBe('【星河】【别家】您好');
    expect(signatureName('【星河】')).toBe('星河');
    expect(splitSignature('您好【星河】')).toBeNull();
  });
});

describe('a text fits its template', () => {
  it.each([
    ['您好{{name}}，码{{code}}。', '您好{{name}}，码{{code}}。', true],
    ['您好{{name}}，码{{code}}。', '您好王先生，码1234。', true],
    ['您好{{name}}，码{{code}}。', '您好，码1234。', false],
    ['您好{{name}}，码{{code}}。', '您好王，码1234！', false],
    ['{{a}}{{b}}', 'xy', true],
    ['{{a}}{{b}}', 'x', false],
    ['全文', '全文', true],
    ['全文', '全文 ', false],
    ['a{{x}}aa', 'abaa', true],
    ['a{{x}}b{{y}}c', 'abbbbc', true],
  ])('%s ← %s: %s', (approved, text, fits) => {
    expect(fitsTemplate(approved, text)).toBe(fits);
  });
});

describe('departures', () => {
  it('mark what was added and what is missing', () => {
    expect(departures('今晚八点开售', '今晚九点准时开售')).toEqual([
      { text: '今晚', kind: 'same' },
      { text: '八', kind: 'missing' },
      { text: '九', kind: 'added' },
      { text: '点', kind: 'same' },
      { text: '准时', kind: 'added' },
      { text: '开售', kind: 'same' },
    ]);
    expect(departures('您好{{name}}', '您好王')).toEqual([{ text: '您好王', kind: 'same' }]);
    expect(departures('全文', '')).toEqual([{ text: '全文', kind: 'missing' }]);
  });

  it('do not take long over texts that have nothing in common', () => {
    const pieces = departures('甲'.repeat(3_000), '乙'.repeat(3_000));
    expect(pieces.map(({ kind }) => kind)).toEqual(['missing', 'added']);
  });

  it('can be put together to either text again', () => {
    const [approved, text] = ['亲爱的会员，周年庆全场8折', '尊敬的会员，年庆全场七五折！'];
    const without = (kind: string) =>
      departures(approved, text)
        .filter((piece) => piece.kind !== kind)
        .map((piece) => piece.text)
        .join('');
    expect([without('added'), without('missing')]).toEqual([approved, text]);
  });
});

describe('a way to opt out', () => {
  it.each(['回T退订', '拒收请回复R', '回复 TD 退订', 'Reply STOP to opt out', '回复T'])('is told by %s', (text) =>
    expect(tellsOptOut(`今晚开售。${text}`)).toBe(true),
  );
  it.each(['今晚开售', '回头率高', 'Stopping by tonight', '回TA一个惊喜'])('is not told by %s', (text) =>
    expect(tellsOptOut(text)).toBe(false),
  );
});
