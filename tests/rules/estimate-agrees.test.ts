/** Estimate, a request of the API and a task count the same parts and cents for the same text, whatever is in it. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TEXT_MAX_CHARACTERS } from '../../schema/limits';
import { TEXT_TYPES } from '../../schema/states';
import { estimate } from '../../workers/messages/estimate';
import { planRequest } from '../../workers/messages/plan-request';
import { measureText, splitText } from '../../workers/rules/sms-parts';
import { judgeRows } from '../../workers/tasks/judge-rows';
import { RowMessages } from '../../workers/tasks/row-messages';

fc.configureGlobal({ defaultSizeToMaxWhenMaxSpecified: true });

const EXTENSION = '\f^{}\\[~]|€';
/** What cuts badly: escape pairs, surrogate pairs, and letters that look like GSM-7 and are not. */
const AWKWARD = [...EXTENSION, 'a', ' ', '\n', '锦', '😀', '👨‍👩‍👧', 'é', 'e\u0301', '`', 'ç', '\u00a0', '\u200b', '﹗', '𝒳'];
const texts = fc.oneof(
  fc.string({ unit: fc.constantFrom(...AWKWARD), minLength: 1, maxLength: 500 }),
  fc.string({ unit: fc.constantFrom('a', '€', '['), minLength: 140, maxLength: 480 }),
  fc.string({ unit: fc.constantFrom('锦', '😀'), minLength: 30, maxLength: 210 }),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 400 }).filter((text) => !text.includes('\ufffd')),
);
const plain = texts.filter((text) => !text.includes('{{') && text.trim() !== '');
const types = fc.constantFrom(...TEXT_TYPES);
const prices = { CN: 31_200, SG: 41_237, GB: 33_333 };
const NUMBERS = ['+8613800138000', '+65 9123 4567', '00447400123456', '12', '+4915112345678'];

describe('one text', () => {
  it('costs in an estimate what it costs in a request and in a task', () => {
    fc.assert(
      fc.property(plain, types, (text, type) => {
        const told = estimate(text, type, NUMBERS, prices);
        fc.pre(told.characters <= TEXT_MAX_CHARACTERS);
        const wishes = NUMBERS.map((input) => ({ input, variables: {}, ref: null }));
        const planned = planRequest(text, type, wishes, prices);
        const { candidates } = judgeRows(
          { text, textType: type, test: false },
          ['number'],
          { prices, mainlandClosed: false, countries: null },
          NUMBERS.map((number) => [number]),
          1,
        );
        const expected = told.recipients.filter(({ priceMicros }) => priceMicros !== null);
        expect(expected.map(({ digits }) => digits)).toEqual(['8613800138000', '6591234567', '447400123456']);
        expect(planned.messages.map(({ to, parts, priceMicros, text: sent }) => [to, parts, priceMicros, sent])).toEqual(
          expected.map(({ digits, priceMicros }) => [digits, told.parts, priceMicros, text]),
        );
        expect(
          candidates.digits.map((digits, at) => [digits, candidates.parts[at], candidates.prices[at], candidates.encodings[at]]),
        ).toEqual(expected.map(({ digits, priceMicros }) => [digits, told.parts, priceMicros, told.encoding]));
        expect(told.totalMicros).toBe(planned.messages.reduce((sum, { priceMicros }) => sum + priceMicros, 0));
        // As many parts as are billed travel, and together they are the text.
        const parts = splitText(text, type);
        expect([parts.length, parts.join('')]).toEqual([told.parts, text]);
      }),
      { numRuns: 500 },
    );
  });

  it('with variables costs in a task what it costs in a request', () => {
    fc.assert(
      fc.property(plain, texts, texts, types, (literal, first, second, type) => {
        const template = `${literal}{{a}}{{b}}${literal}`;
        fc.pre([first, second].every((value) => value.trim() !== '') && !`${literal}{{a}}`.includes('{{{') && !literal.startsWith('}'));
        const [message] = planRequest(
          template,
          type,
          [{ input: '+6591234567', variables: { a: first, b: second }, ref: null }],
          prices,
        ).messages;
        const row = new RowMessages(template, type, ['number', 'a', 'b']).of(['+6591234567', first, second]);
        const text = literal + first + second + literal;
        const { characters, parts, encoding } = measureText(text, type);
        const isTooLong = characters > TEXT_MAX_CHARACTERS;
        expect(message ? [message.text, message.parts] : null).toEqual(isTooLong ? null : [text, parts]);
        expect(row).toMatchObject(isTooLong ? { reason: 'text_too_long' } : { reason: null, parts, encoding });
      }),
      { numRuns: 300 },
    );
  });
});
