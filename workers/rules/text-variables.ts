/**
 * `{{name}}` in a text, filled from the columns of a file. Names are letters of any script, digits and `_`; blanks inside the braces do not
 * count. Everything else, malformed braces included, is text and is sent as given.
 */
export interface Template {
  /** Text around the variables: always one more than `names`. */
  readonly literals: readonly string[];
  /** Variables in the order of the text, repeats included. */
  readonly names: readonly string[];
}

export type Rendered = { ok: true; text: string } | { ok: false; missing: string[] };

const VARIABLE = /\{\{\s*([\p{L}\p{M}\p{N}_]+)\s*\}\}/gu;

export function parseTemplate(text: string): Template {
  const literals: string[] = [];
  const names: string[] = [];
  let end = 0;
  for (const match of text.matchAll(VARIABLE)) {
    literals.push(text.slice(end, match.index));
    names.push(match[1] ?? '');
    end = match.index + match[0].length;
  }
  literals.push(text.slice(end));
  return { literals, names };
}

/** The text with everything around its variables changed; the variables stay as they were written. */
export function mapLiterals(text: string, change: (literal: string) => string): string {
  let changed = '';
  let end = 0;
  for (const match of text.matchAll(VARIABLE)) {
    changed += change(text.slice(end, match.index)) + match[0];
    end = match.index + match[0].length;
  }
  return changed + change(text.slice(end));
}

/** Braces that look like a variable and are none (`{{}}`, `{{ first name }}`, an end that is missing), so that the form can point at them. */
export function malformedVariables(text: string): string[] {
  const { literals } = parseTemplate(text);
  return literals.flatMap((literal) => [...literal.matchAll(/\{\{[^{}]*\}?\}?|\}\}/g)].map((match) => match[0]));
}

/** A template tied to the columns of one file: made once, rendered for every row. */
export interface BoundTemplate {
  readonly template: Template;
  /** Column of each variable; -1 when the file has none of that name. */
  readonly columns: readonly number[];
}

/** @param columnNames first row of the file; blanks around a name do not count, the first of two equal names wins. */
export function bindTemplate(template: Template, columnNames: readonly string[]): BoundTemplate {
  const trimmed = columnNames.map((name) => name.trim());
  return { template, columns: template.names.map((name) => trimmed.indexOf(name)) };
}

/** A cell that is absent or blank is a missing variable: half a sentence must not be sent. */
export const isFilled = (value: string | undefined): value is string => value !== undefined && value.trim() !== '';

export function renderBound({ template, columns }: BoundTemplate, values: readonly string[]): Rendered {
  const { literals, names } = template;
  let text = literals[0] ?? '';
  let missing: Set<string> | null = null;
  for (let at = 0; at < columns.length; at++) {
    const value = values[columns[at] ?? -1];
    if (isFilled(value)) text += value + (literals[at + 1] ?? '');
    else (missing ??= new Set()).add(names[at] ?? '');
  }
  return missing === null ? { ok: true, text } : { ok: false, missing: [...missing] };
}

/** For one row; for many, bind once and use renderBound. */
export const renderTemplate = (template: Template, columnNames: readonly string[], values: readonly string[]): Rendered =>
  renderBound(bindTemplate(template, columnNames), values);
