/** What the form and the preview say about a text. Pure, so that the server says it first and the browser while one types. */
import type { TextType } from '../../schema/states';
import { measureText, ucs2Characters } from '../../workers/rules/sms-parts';
import { malformedVariables, parseTemplate } from '../../workers/rules/text-variables';

export interface TextFacts {
  readonly encoding: 'GSM-7' | 'UCS-2';
  readonly characters: number;
  readonly parts: number;
  /** Characters that make the whole text UCS-2 (or that GSM-7 cannot carry when it is forced). */
  readonly costly: readonly string[];
  readonly malformed: readonly string[];
  readonly variables: boolean;
  readonly segments: readonly Segment[];
}

/** A piece of the preview: text as it is, or what stands for a variable. */
export interface Segment {
  readonly text: string;
  readonly variable: boolean;
}

/** @param sample values of the first row by column name */
export function textFacts(text: string, type: TextType, sample: Readonly<Record<string, string>>): TextFacts {
  const { literals, names } = parseTemplate(text);
  const segments = literals.flatMap((literal, at): Segment[] => {
    const name = names[at];
    const value = name === undefined ? '' : sample[name] || `{{${name}}}`;
    return [{ text: literal, variable: false }, ...(name === undefined ? [] : [{ text: value, variable: true }])];
  });
  const filled = segments.map((segment) => segment.text).join('');
  const { encoding, characters, parts } = measureText(filled, type);
  return {
    encoding,
    characters,
    parts,
    costly: type === 'unicode' ? [] : ucs2Characters(filled),
    malformed: malformedVariables(text),
    variables: names.length > 0,
    segments: segments.filter((segment) => segment.text !== ''),
  };
}
