/** What each row's message is: its parts, and the values that its shard keeps. Pure; made once for a range, asked for every row. */
import type { RowRejection } from '../../schema/errors';
import { TEXT_MAX_CHARACTERS } from '../../schema/limits';
import type { TextType } from '../../schema/states';
import { measureText, PART_SIZES, type Encoding } from '../rules/sms-parts';
import { bindTemplate, parseTemplate, renderBound, type BoundTemplate } from '../rules/text-variables';

export interface RowMessage {
  readonly reason: null;
  readonly parts: number;
  readonly encoding: Encoding;
  /** JSON array text of the values that the text uses; null where it uses none. */
  readonly content: string | null;
}
export interface NoMessage {
  readonly reason: RowRejection;
  readonly detail: string;
}

/** Names that the text uses, once each, in the order of the text: the columns of the shards' rows. */
export const usedColumns = (text: string): string[] => [...new Set(parseTemplate(text).names)];

const NOT_TEXT: NoMessage = { reason: 'not_text', detail: '' };
const TOO_LONG: NoMessage = { reason: 'text_too_long', detail: String(TEXT_MAX_CHARACTERS) };

export class RowMessages {
  readonly #type: TextType;
  readonly #bound: BoundTemplate;
  readonly #used: readonly number[];
  /** The text without its variables. */
  readonly #around: { readonly encoding: Encoding; readonly units: number };
  /** The same message for every row of a text without variables. */
  readonly #fixed: RowMessage | null;

  constructor(text: string, type: TextType, columns: readonly string[]) {
    this.#type = type;
    const template = parseTemplate(text);
    this.#bound = bindTemplate(template, columns);
    this.#used = bindTemplate({ literals: [], names: usedColumns(text) }, columns).columns;
    const { encoding, units } = measureText(template.literals.join(''), type);
    this.#around = { encoding, units };
    this.#fixed = template.names.length > 0 ? null : { reason: null, parts: measureText(text, type).parts, encoding, content: null };
  }

  of(values: readonly string[]): RowMessage | NoMessage {
    return this.#fixed ?? this.#filled(values);
  }

  #filled(values: readonly string[]): RowMessage | NoMessage {
    const used: string[] = [];
    for (const column of this.#used) {
      const value = values[column];
      if (value === undefined || value.trim() === '') return this.#missing(values);
      used.push(value);
    }
    const content = JSON.stringify(used);
    // A character that could not be decoded would reach the recipient as it is.
    if (content.includes('\ufffd')) return NOT_TEXT;
    const encoding = this.#singlePart(values);
    if (encoding !== null) return { reason: null, parts: 1, encoding, content };
    const rendered = renderBound(this.#bound, values);
    if (!rendered.ok) return this.#missing(values);
    const measured = measureText(rendered.text, this.#type);
    if (measured.characters > TEXT_MAX_CHARACTERS) return TOO_LONG;
    return { reason: null, parts: measured.parts, encoding: measured.encoding, content };
  }

  /** Most messages have one part, and then a sum tells it: nothing is put together. null when that is not certain. */
  #singlePart(values: readonly string[]): Encoding | null {
    if (this.#type === 'text') return null;
    let { units } = this.#around;
    const { encoding } = this.#around;
    for (const column of this.#bound.columns) {
      const value = values[column] ?? '';
      if (encoding === 'UCS-2') units += value.length;
      else {
        const measured = measureText(value, 'auto');
        if (measured.encoding === 'UCS-2') return null;
        units += measured.units;
      }
    }
    return units <= PART_SIZES[encoding].single ? encoding : null;
  }

  #missing(values: readonly string[]): NoMessage {
    const rendered = renderBound(this.#bound, values);
    return { reason: 'variable_missing', detail: rendered.ok ? '' : rendered.missing.join(', ') };
  }
}
