import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TEXT_TYPES } from '../../schema/states';
import { measureText, splitText, ucs2Characters } from '../../workers/rules/sms-parts';

// Without this a maxLength is hardly ever reached: ten characters are usual.
fc.configureGlobal({ defaultSizeToMaxWhenMaxSpecified: true });

const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.string({ unit: fc.constantFrom(...'ab {}€^\\~|\n😀锦é'), maxLength: 600 }),
  fc.string({ unit: fc.constantFrom(...'a€'), maxLength: 600 }),
);
const types = fc.constantFrom(...TEXT_TYPES);
const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

describe('measuring a text', () => {
  it.each([
    ['', 'GSM-7', 0, 0, 0],
    ['Hello', 'GSM-7', 5, 5, 1],
    ['a'.repeat(160), 'GSM-7', 160, 160, 1],
    ['a'.repeat(161), 'GSM-7', 161, 161, 2],
    ['a'.repeat(306), 'GSM-7', 306, 306, 2],
    ['a'.repeat(307), 'GSM-7', 307, 307, 3],
    ['€'.repeat(80), 'GSM-7', 80, 160, 1],
    ['€'.repeat(81), 'GSM-7', 81, 162, 2],
    ['锦', 'UCS-2', 1, 1, 1],
    ['锦'.repeat(70), 'UCS-2', 70, 70, 1],
    ['锦'.repeat(71), 'UCS-2', 71, 71, 2],
    ['锦'.repeat(134), 'UCS-2', 134, 134, 2],
    ['锦'.repeat(135), 'UCS-2', 135, 135, 3],
    ['😀', 'UCS-2', 1, 2, 1],
    ['😀'.repeat(35), 'UCS-2', 35, 70, 1],
    ['ç', 'UCS-2', 1, 1, 1],
    ['Ç', 'GSM-7', 1, 1, 1],
    ['`', 'UCS-2', 1, 1, 1],
  ])('%j is %s, %i characters, %i units, %i parts', (text, encoding, characters, units, parts) => {
    expect(measureText(text, 'auto')).toEqual({ encoding, characters, units, parts, unsupported: [] });
  });

  it('needs a part more than the division says when an escape pair would be cut', () => {
    // 152 + € leaves one septet empty in each of the first parts.
    const text = `${'a'.repeat(152)}€`.repeat(2) + 'a';
    expect(measureText(text, 'auto')).toMatchObject({ units: 309, parts: 3 });
    expect(Math.ceil(309 / 153)).toBe(3);
    const exact = `${'a'.repeat(152)}€${'a'.repeat(152)}`;
    expect(measureText(exact, 'auto')).toMatchObject({ units: 306, parts: 3 });
  });

  it('needs a part more than the division says when a surrogate pair would be cut', () => {
    // 67 is odd: a part of emoji alone holds 66 units.
    expect(measureText('😀'.repeat(67), 'auto')).toMatchObject({ units: 134, parts: 3 });
  });

  it('sends type text as GSM-7, one septet for what it cannot carry, and names that', () => {
    expect(measureText('a锦b😀锦€', 'text')).toEqual({ encoding: 'GSM-7', characters: 6, units: 7, parts: 1, unsupported: ['锦', '😀'] });
    expect(measureText('锦'.repeat(160), 'text')).toMatchObject({ encoding: 'GSM-7', units: 160, parts: 1 });
  });

  it('sends type unicode as UCS-2 even where GSM-7 would do', () => {
    expect(measureText('a'.repeat(71), 'unicode')).toEqual({ encoding: 'UCS-2', characters: 71, units: 71, parts: 2, unsupported: [] });
  });

  it('takes a lone surrogate for one unit', () => {
    expect(measureText('a\ud83d', 'auto')).toMatchObject({ encoding: 'UCS-2', characters: 2, units: 2, parts: 1 });
    expect(measureText('\ude00\ud83d', 'auto')).toMatchObject({ characters: 2, units: 2 });
  });

  it('knows all 127 characters of the default alphabet and the 10 of the extension table', () => {
    const oneSeptet: string[] = [];
    const twoSeptets: string[] = [];
    for (let code = 0; code < 0x10000; code++) {
      const { encoding, units } = measureText(String.fromCharCode(code), 'auto');
      if (encoding === 'GSM-7') (units === 1 ? oneSeptet : twoSeptets).push(String.fromCharCode(code));
    }
    expect(oneSeptet).toHaveLength(127);
    expect(twoSeptets.join('')).toBe('\f[\\]^{|}~€');
  });
});

describe('splitting a text', () => {
  it('gives as many parts as are billed, and they join back to the text', () => {
    fc.assert(
      fc.property(texts, types, (text, type) => {
        const parts = splitText(text, type);
        expect(parts.join('')).toBe(text);
        expect(parts).toHaveLength(measureText(text, type).parts);
      }),
    );
  });

  it('never cuts a surrogate pair', () => {
    fc.assert(
      fc.property(texts, types, (text, type) => {
        const parts = splitText(text, type);
        parts.forEach((part, index) => {
          const following = parts[index + 1];
          if (following === undefined) return;
          expect(isHigh(part.charCodeAt(part.length - 1)) && isLow(following.charCodeAt(0))).toBe(false);
        });
      }),
    );
  });

  it('fills every part as far as it goes and no further', () => {
    fc.assert(
      fc.property(texts, types, (text, type) => {
        const { encoding } = measureText(text, type);
        const each = encoding === 'GSM-7' ? 153 : 67;
        const forced = encoding === 'GSM-7' ? 'text' : 'unicode';
        const parts = splitText(text, type);
        fc.pre(parts.length > 1);
        for (const part of parts) expect(measureText(part, forced).units).toBeLessThanOrEqual(each);
        for (const [index, part] of parts.slice(0, -1).entries()) {
          const [next = ''] = parts[index + 1] ?? '';
          expect(measureText(part + next, forced).units).toBeGreaterThan(each);
        }
      }),
    );
  });
});

describe('naming the characters that force UCS-2', () => {
  it('lists each once, in order, whole code points', () => {
    expect(ucs2Characters('a锦b“锦”😀€')).toEqual(['锦', '“', '”', '😀']);
  });

  it('is empty exactly for texts that fit GSM-7', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(ucs2Characters(text).length === 0).toBe(measureText(text, 'auto').encoding === 'GSM-7');
      }),
    );
  });
});
