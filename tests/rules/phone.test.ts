import * as fc from 'fast-check';
import { Metadata, getCountries, getCountryCallingCode, getExampleNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import mobileExamples from 'libphonenumber-js/mobile/examples';
import metadata from 'libphonenumber-js/metadata.max.json';
import { describe, expect, it } from 'vitest';
import type { Iso2 } from '../../schema/ids';
import {
  formatPhone,
  maskDigits,
  maskPhone,
  parsePhone,
  type NumberType,
  type ParsedPhone,
  type PhoneRejection,
} from '../../workers/rules/phone';

// Without this a maxLength is hardly ever reached: ten characters are usual.
fc.configureGlobal({ defaultSizeToMaxWhenMaxSpecified: true });

/** What the library says, in our shape; any refusal is alike. */
function library(digits: string): ParsedPhone | 'refused' {
  const found = parsePhoneNumberFromString(`+${digits}`);
  const type = found?.getType();
  if (found?.country === undefined || !found.isValid() || type === undefined) return 'refused';
  return { valid: true, digits: found.number.slice(1), country: found.country as string as Iso2, type: type.toLowerCase() as NumberType };
}

/** Empty when we and the library agree; else what each says, so that a failure names the number. */
const disagreement = (digits: string): string => {
  const parsed = parsePhone(digits);
  const ours = JSON.stringify(parsed.valid ? parsed : 'refused');
  const theirs = JSON.stringify(library(digits));
  return ours === theirs ? '' : `${digits}: ${ours} instead of ${theirs}`;
};

const callingCodes = [...Object.keys(metadata.country_calling_codes), ...Object.keys(metadata.nonGeographic)];
const digit = fc.constantFrom(...'0123456789');
const digitsOf = (minLength: number, maxLength: number) => fc.string({ unit: digit, minLength, maxLength });

const examples = getCountries().flatMap((country) => {
  const number = getExampleNumber(country, mobileExamples);
  return number === undefined ? [] : [{ country, digits: number.number.slice(1) }];
});

/** Numbers near valid ones: an example of a country with some digits changed, dropped or added. */
const nearExamples = fc
  .tuple(fc.constantFrom(...examples), fc.array(fc.tuple(fc.nat({ max: 16 }), digit), { maxLength: 4 }), digitsOf(0, 2), fc.nat({ max: 2 }))
  .map(([{ digits }, changes, more, fewer]) => {
    const characters = [...digits.slice(0, digits.length - fewer), ...more];
    const code = characters.length > 10 ? 2 : 1;
    for (const [at, to] of changes) if (at >= code && at < characters.length) characters[at] = to;
    return characters.join('');
  });

describe('validity, country and type agree with libphonenumber-js', () => {
  it('for the example number of every country', () => {
    expect(examples.length).toBeGreaterThan(240);
    for (const { country, digits } of examples) {
      expect([country, parsePhone(digits)]).toMatchObject([country, { valid: true, digits }]);
      expect(disagreement(digits)).toBe('');
    }
  });

  it('for random digits behind every calling code', () => {
    fc.assert(
      fc.property(fc.constantFrom(...callingCodes), digitsOf(1, 14), (code, national) => {
        expect(disagreement(code + national)).toBe('');
      }),
      { numRuns: 15_000 },
    );
  });

  it('for numbers that are nearly valid', () => {
    fc.assert(
      fc.property(nearExamples, (digits) => {
        expect(disagreement(digits)).toBe('');
      }),
      { numRuns: 15_000 },
    );
  });

  it('for any national length and every leading pair of digits of each country', () => {
    for (const country of getCountries()) {
      const code = getCountryCallingCode(country);
      const plan = new Metadata();
      plan.selectNumberingPlan(country);
      for (const length of plan.numberingPlan?.possibleLengths() ?? []) {
        for (let lead = 0; lead < 100; lead++)
          expect(disagreement(code + String(lead).padStart(2, '0') + '2345678901234567'.slice(0, Math.max(0, length - 2)))).toBe('');
      }
    }
  }, 60_000);

  it('for national prefixes left in, as people write +44 (0)7400 123456', () => {
    expect(parsePhone('+44 (0)7400 123456')).toMatchObject({ valid: true, digits: '447400123456', country: 'GB', type: 'mobile' });
    fc.assert(
      fc.property(fc.constantFrom(...examples), fc.constantFrom('0', '1', '8', '00', '06', '15', '044'), ({ country, digits }, prefix) => {
        const code = getCountryCallingCode(country);
        expect(disagreement(code + prefix + digits.slice(code.length))).toBe('');
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('what people and spreadsheets write', () => {
  const china = { valid: true, digits: '8613800138000', country: 'CN', type: 'mobile' };
  it.each([
    '8613800138000',
    '+8613800138000',
    '008613800138000',
    '+86 138 0013 8000',
    '86-138-0013-8000',
    '(86) 138.0013.8000',
    '＋８６１３８００１３８０００',
    '８６１３８００１３８０００',
    "'8613800138000",
    "'+8613800138000",
    '\ufeff8613800138000',
    '+86\u00a0138\u00a00013\u00a08000',
    '\u202d+8613800138000\u202c',
    ' 8613800138000\t',
    '8613800138000.0',
    '（86）138 0013 8000',
  ])('%j is +86 138 0013 8000', (raw) => {
    expect(parsePhone(raw)).toEqual(china);
  });

  it.each<[string, PhoneRejection]>([
    ['', 'empty'],
    ['   ', 'empty'],
    ["'", 'empty'],
    [' '.repeat(100), 'empty'],
    ['-', 'empty'],
    ['hello', 'not_a_number'],
    ['8613800138000x', 'not_a_number'],
    ['8613800138000/8613800138001', 'not_a_number'],
    ['+1-800-FLOWERS', 'not_a_number'],
    ['8613800138000,', 'not_a_number'],
    ['1'.repeat(65) + ' ', 'not_a_number'],
    ['86+13800138000', 'not_a_number'],
    ['+', 'not_a_number'],
    ['8.61380E+12', 'scientific_notation'],
    ['8,61380e+12', 'scientific_notation'],
    ['8.6138E12', 'scientific_notation'],
    ["'8E+12", 'scientific_notation'],
    ['86138', 'too_short'],
    ['86', 'too_short'],
    ['8', 'too_short'],
    ['86138001380001234', 'too_long'],
    ['13800138000', 'invalid_number'],
    ['0138001380', 'unknown_country'],
    ['9991234567', 'unknown_country'],
    ['8613800138000123456789', 'too_long'],
    ['8612345678901', 'invalid_number'],
    ['881612345678', 'unknown_country'],
  ])('%j is refused: %s', (raw, reason) => {
    expect(parsePhone(raw)).toEqual({ valid: false, reason });
  });

  it('is judged alike with any separators', () => {
    const separator = fc.constantFrom('', ' ', '-', '.', '(', ')', '\u00a0', '　', '–');
    fc.assert(
      fc.property(
        fc.constantFrom(...examples),
        fc.array(separator, { minLength: 16, maxLength: 16 }),
        fc.constantFrom('', '+', '00', "'+", '\ufeff+'),
        ({ digits }, separators, lead) => {
          const written = lead + [...digits].map((character, at) => character + (separators[at] ?? '')).join('');
          expect(parsePhone(written)).toEqual(parsePhone(digits));
        },
      ),
    );
  });

  it('never throws, whatever a cell holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (raw) => {
        expect(parsePhone(raw)).toHaveProperty('valid');
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('showing a number', () => {
  it('groups it as its country does', () => {
    expect(formatPhone('8613800138000')).toBe('+86 138 0013 8000');
    expect(formatPhone('12133734253')).toBe('+1 213 373 4253');
    expect(formatPhone('99')).toBe('+99');
  });

  it('hides the four digits before the last four, never the calling code', () => {
    expect(maskPhone('5511912342043')).toBe('+55 11 9•••• 2043');
    expect(maskPhone('6281212348810')).toBe('+62 812 •••• 8810');
    expect(maskPhone('8613812340021')).toBe('+86 138 •••• 0021');
    expect(maskPhone('85291234567')).toBe('+852 •••• 4567');
    expect(maskPhone('6834000')).toBe('+683 4000');
    expect(maskDigits('8613800138000')).toBe('86138••••8000');
  });

  it('hides the same digits grouped or not', () => {
    for (const { digits } of examples) expect(maskPhone(digits).replace(/[^\d•]/g, '')).toBe(maskDigits(digits));
  });
});
