/** What the form and the preview say about a text. Pure, so that the server says it first and the browser while one types. */
import type { TextType } from '../../schema/states';
import { costlyCharacters, replaceLookAlikes, type CostlyCharacter } from '../../workers/rules/gsm-look-alikes';
import { measureText, type TextMeasure } from '../../workers/rules/sms-parts';
import { malformedVariables, parseTemplate } from '../../workers/rules/text-variables';

export interface TextFacts {
  readonly encoding: 'GSM-7' | 'UCS-2';
  readonly characters: number;
  readonly parts: number;
  /** Characters that make the whole text UCS-2 (or that GSM-7 cannot carry when it is forced). */
  readonly costly: readonly CostlyCharacter[];
  /** As it would be with every look-alike in its place; null where the text itself (not a value of a variable) has none to replace. */
  readonly replaced: Pick<TextMeasure, 'encoding' | 'parts'> | null;
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
  const { names } = parseTemplate(text);
  const segments = segmentsOf(text, sample);
  const filled = joined(segments);
  const { encoding, characters, parts } = measureText(filled, type);
  return {
    encoding,
    characters,
    parts,
    costly: type === 'unicode' ? [] : costlyCharacters(filled),
    replaced: type === 'unicode' ? null : ifReplaced(text, type, sample),
    malformed: malformedVariables(text),
    variables: names.length > 0,
    segments: segments.filter((segment) => segment.text !== ''),
  };
}

function segmentsOf(text: string, sample: Readonly<Record<string, string>>): Segment[] {
  const { literals, names } = parseTemplate(text);
  return literals.flatMap((literal, at): Segment[] => {
    const name = names[at];
    // A column may be called like something that every object has.
    const value = name === undefined ? '' : (Object.hasOwn(sample, name) && sample[name]) || `{{${name}}}`;
    return [{ text: literal, variable: false }, ...(name === undefined ? [] : [{ text: value, variable: true }])];
  });
}
const joined = (segments: readonly Segment[]): string => segments.map((segment) => segment.text).join('');

function ifReplaced(text: string, type: TextType, sample: Readonly<Record<string, string>>): TextFacts['replaced'] {
  const replaced = replaceLookAlikes(text);
  if (replaced === text) return null;
  const { encoding, parts } = measureText(joined(segmentsOf(replaced, sample)), type);
  return { encoding, parts };
}
