/** Every text of the console exists in both languages, and none is kept that nobody says. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { LOCALES } from '../../schema/states';

const WEB = join(import.meta.dirname, '../../web');

/** Keys as compiled-i18n makes them: `_`Hi ${name}`` is "Hi $1". */
function keyOf(template: ts.TemplateLiteral): string {
  if (ts.isNoSubstitutionTemplateLiteral(template)) return template.text.replaceAll('$', '$$$$');
  return template.head.text + template.templateSpans.map((span, at) => `$${at + 1}${span.literal.text}`).join('');
}

function keysIn(file: string): string[] {
  const keys: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTaggedTemplateExpression(node) && node.tag.getText() === '_') keys.push(keyOf(node.template));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX));
  return keys;
}

const sources = readdirSync(WEB, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));
const used = new Set(sources.flatMap((name) => keysIn(join(WEB, name))));
const read = (locale: string) =>
  (JSON.parse(readFileSync(join(WEB, `../i18n/${locale}.json`), 'utf8')) as { translations: Record<string, unknown> }).translations;

describe.each(LOCALES)('Texts in %s', (locale) => {
  const translations = read(locale);

  test('every text has its translation', () => {
    expect([...used].filter((key) => translations[key] === undefined || translations[key] === '')).toEqual([]);
  });

  test('no translation is left over', () => {
    expect(Object.keys(translations).filter((key) => !used.has(key))).toEqual([]);
  });

  test('a translation names the same values as its text', () => {
    const values = (text: string): string[] => (text.match(/\$\d/g) ?? []).toSorted();
    const wrong = Object.entries(translations).filter(
      ([key, translation]) => typeof translation === 'string' && values(key).join() !== values(translation).join(),
    );
    expect(wrong).toEqual([]);
  });
});

test('no Chinese text stands in the pages themselves', () => {
  /** Names that are the same in every language: the product, the other language's name, the file that bears this name. */
  const allowed = /锦木通信|[>"'`]锦[<"'`]|^\s*锦$|简体中文|中文|异常数据\.xlsx/;
  const found = sources.flatMap((name) =>
    readFileSync(join(WEB, name), 'utf8')
      .split('\n')
      .filter((line) => /\p{Script=Han}/u.test(line) && !allowed.test(line))
      .map((line) => `${name}: ${line.trim()}`),
  );
  expect(found).toEqual([]);
});
