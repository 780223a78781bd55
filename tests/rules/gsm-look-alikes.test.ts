import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costlyCharacters, replaceLookAlikes } from '../../workers/rules/gsm-look-alikes';
import { measureText, ucs2Characters } from '../../workers/rules/sms-parts';
import { parseTemplate } from '../../workers/rules/text-variables';

describe('look-alikes of GSM-7', () => {
  it.each([
    ['It’s “new” – really…', 'It\'s "new" - really...'],
    ['５０％ ｏｆｆ！（ｔｏｄａｙ）', '50% off!(today)'],
    ['Hi\u00a0you\u200b,\u3000bye', 'Hi you, bye'],
    ['€9.99 £1 ~[ok]', '€9.99 £1 ~[ok]'],
    ['￥９，９００。', '¥9,900.'],
    ['【JINMU】ok', '[JINMU]ok'],
    ['a\tb', 'a b'],
    ['© 2026 • No', '(C) 2026 * No'],
  ])('make of %j %j, which is GSM-7', (text, replaced) => {
    expect(replaceLookAlikes(text)).toBe(replaced);
    expect(measureText(replaced, 'auto').encoding).toBe('GSM-7');
  });

  it('leave what has none, and say what it is', () => {
    const text = '您好 — café añ «ok» 😀 { } ｛x｝ Привет あ 한';
    expect(replaceLookAlikes(text)).toBe('您好 - café añ "ok" 😀 { } ｛x｝ Привет あ 한');
    const found = costlyCharacters(text);
    expect(found.find(({ character }) => character === '—')).toEqual({ character: '—', kind: 'dash', by: '-' });
    const kindOf = (character: string) => found.find((one) => one.character === character);
    expect(['您', 'П', 'あ', '한', '😀', '｛'].map((character) => kindOf(character)?.kind)).toEqual([
      'chinese',
      'letter',
      'kana',
      'hangul',
      'emoji',
      'full_width',
    ]);
    expect(['您', 'П', '😀', '｛'].map((character) => kindOf(character)?.by)).toEqual([null, null, null, null]);
    // é and ñ are in GSM-7.
    expect(found.map(({ character }) => character)).not.toContain('é');
  });

  it('never touch the name of a variable, nor make one', () => {
    expect(replaceLookAlikes('{{ ｎａｍｅ }}，“hi”')).toBe('{{ ｎａｍｅ }},"hi"');
    const texts = fc.string({ unit: fc.constantFrom(...'{}｛｝“”…ａ１，。 a 锦'), maxLength: 60 });
    fc.assert(
      fc.property(texts, (text) => {
        expect(parseTemplate(replaceLookAlikes(text)).names).toEqual(parseTemplate(text).names);
      }),
    );
  });

  it('mend a variable that something invisible had broken', () => {
    expect(parseTemplate(replaceLookAlikes('Hi {{na\u200bme}}')).names).toEqual(['name']);
  });

  it('are all in GSM-7 themselves, and replacing twice is replacing once', () => {
    // Of the first plane and a little beyond it.
    const unit = fc.integer({ min: 0, max: 0x1f6ff }).map((code) => (code >= 0xd800 && code < 0xe000 ? '…' : String.fromCodePoint(code)));
    const texts = fc.string({ unit, maxLength: 80 });
    fc.assert(
      fc.property(texts, (text) => {
        const replaced = replaceLookAlikes(text);
        expect(replaceLookAlikes(replaced)).toBe(replaced);
        // What variables are called stays; a text of random characters holds none.
        fc.pre(parseTemplate(text).names.length === 0);
        const left = new Set(ucs2Characters(replaced));
        const replaceable = costlyCharacters(text).filter(({ by }) => by !== null);
        expect(replaceable.filter(({ character }) => left.has(character))).toEqual([]);
      }),
    );
  });
});
