import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeCsvRows } from '../../workers/rules/csv';
import { TemplateCells } from '../../workers/rules/template-cells';
import { bindTemplate, parseTemplate, renderBound } from '../../workers/rules/text-variables';

const value = fc.oneof(fc.string(), fc.constantFrom('张三', 'Müller', '=1+1', '"quoted"', 'a,b', 'two\r\nlines', '🚀', ' '));
const literal = fc.oneof(fc.constantFrom('', 'Hi ', '您好，', '-', '=', 'Code, "', '\n'), fc.string({ maxLength: 10 }));

describe('cells of a template', () => {
  it('are the cells of its texts, or say that they are not', () => {
    let written = 0;
    fc.assert(
      fc.property(literal, literal, literal, fc.array(value, { maxLength: 2 }), (a, b, c, values) => {
        const bound = bindTemplate(parseTemplate(`${a}{{name}}${b}{{code}}${c}`), ['name', 'code']);
        const cells = new TemplateCells(bound);
        const into = new Uint8Array(3 + cells.mostBytes(values));
        const end = cells.write(values, into, 3);
        if (end < 0) return;
        written += 1;
        const rendered = renderBound(bound, values);
        const text = rendered.ok ? rendered.text : 'a value is missing';
        const expected = new Uint8Array(10 + text.length * 4);
        const { end: line } = encodeCsvRows([[text]], expected);
        expect(Buffer.from(into.subarray(3, end)).toString()).toBe(Buffer.from(expected.subarray(0, line - 2)).toString());
      }),
      { numRuns: 2_000 },
    );
    // Most texts begin with words and hold plain values.
    expect(written).toBeGreaterThan(100);
  });
});
