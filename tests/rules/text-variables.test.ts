import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bindTemplate, malformedVariables, parseTemplate, renderBound, renderTemplate } from '../../workers/rules/text-variables';

describe('variables in a text', () => {
  it.each([
    ['Hello', ['Hello'], []],
    ['', [''], []],
    ['Hello {{name}}!', ['Hello ', '!'], ['name']],
    ['{{a}}{{b}}', ['', '', ''], ['a', 'b']],
    ['{{ name }}', ['', ''], ['name']],
    ['尊敬的{{姓名}}：{{金额_1}}', ['尊敬的', '：', ''], ['姓名', '金额_1']],
    ['{{a}} {{a}}', ['', ' ', ''], ['a', 'a']],
    ['{{first name}}', ['{{first name}}'], []],
    ['{{}} {{ }} {a} {{a}', ['{{}} {{ }} {a} {{a}'], []],
    ['{{{a}}}', ['{', '}'], ['a']],
    ['{{a-b}}', ['{{a-b}}'], []],
  ])('%j', (text, literals, names) => {
    expect(parseTemplate(text)).toEqual({ literals, names });
  });

  it('leave the text around them as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'a{} \n锦_😀'), maxLength: 40, size: 'max' }), (text) => {
        const { literals, names } = parseTemplate(text);
        const pattern = literals.map((literal) => literal.replace(/[{}]/g, '\\$&')).join('\\{\\{\\s*[\\p{L}\\p{N}_]+\\s*\\}\\}');
        expect(literals).toHaveLength(names.length + 1);
        expect(text).toMatch(new RegExp(`^${pattern}$`, 'u'));
      }),
    );
  });

  it('are pointed at where they are not written correctly', () => {
    expect(malformedVariables('Hi {{first name}}, {{ok}} {{}} {{a}')).toEqual(['{{first name}}', '{{}}', '{{a}']);
    expect(malformedVariables('{{ok}} and {one} brace')).toEqual([]);
  });
});

describe('filling them', () => {
  const template = parseTemplate('Hello {{name}}, {{ 金额 }} due, {{name}}.');

  it('takes values by column, untrimmed', () => {
    expect(renderTemplate(template, ['phone', '金额', 'name'], ['86138', '12.50', ' Li '])).toEqual({
      ok: true,
      text: 'Hello  Li , 12.50 due,  Li .',
    });
  });

  it('finds columns whose names have blanks around them', () => {
    expect(renderTemplate(template, [' name ', '金额\r'], ['Li', '1'])).toEqual({ ok: true, text: 'Hello Li, 1 due, Li.' });
  });

  it('never fills a value into a value', () => {
    expect(renderTemplate(parseTemplate('{{a}}{{b}}'), ['a', 'b'], ['{{b}}', '$&'])).toEqual({ ok: true, text: '{{b}}$&' });
  });

  it.each([
    [['name'], ['Li'], ['金额']],
    [['name', '金额'], ['', '1'], ['name']],
    [['name', '金额'], [' ', '1'], ['name']],
    [['name', '金额'], ['Li'], ['金额']],
    [[], [], ['name', '金额']],
  ])('with columns %j and values %j names what is missing: %j', (columns, values, missing) => {
    expect(renderTemplate(template, columns, values)).toEqual({ ok: false, missing });
  });

  it('is the same bound once for many rows', () => {
    const bound = bindTemplate(template, ['name', '金额']);
    for (const values of [
      ['Li', '1'],
      ['Wang', ''],
      ['', ''],
      ['Zhao', '3'],
    ])
      expect(renderBound(bound, values)).toEqual(renderTemplate(template, ['name', '金额'], values));
  });
});
