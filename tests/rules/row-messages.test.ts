import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measureText } from '../../workers/rules/sms-parts';
import { renderTemplate, parseTemplate } from '../../workers/rules/text-variables';
import { RowMessages } from '../../workers/tasks/row-messages';

const letters = fc.constantFrom('a', 'é', '€', '[', '王', '😀', 'x'.repeat(50), '中'.repeat(30));
const words = fc.array(letters, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''));

describe('the message of a row', () => {
  it('has the parts and the encoding of the whole text, however they were found', () => {
    fc.assert(
      fc.property(words, words, words, words, fc.constantFrom('auto', 'text', 'unicode'), (before, after, a, b, type) => {
        const text = `${before}{{a}} {{b}}{{a}}${after}`;
        const found = new RowMessages(text, type, ['number', 'b', 'a']).of(['8613800138000', b, a]);
        const rendered = renderTemplate(parseTemplate(text), ['a', 'b'], [a, b]);
        const { parts, encoding } = measureText(rendered.ok ? rendered.text : '', type);
        expect(found).toEqual({ reason: null, parts, encoding, content: JSON.stringify([a, b]) });
      }),
    );
  });

  it('names every variable that has no value', () => {
    const messages = new RowMessages('{{a}} {{b}} {{c}}', 'auto', ['number', 'a', 'b', 'c']);
    expect(messages.of(['8613800138000', 'x', ' '])).toEqual({ reason: 'variable_missing', detail: 'b, c' });
  });

  it('is none when a value could not be decoded', () => {
    expect(new RowMessages('{{a}}', 'auto', ['n', 'a']).of(['1', 'x\ufffdy'])).toEqual({ reason: 'not_text', detail: '' });
  });
});
