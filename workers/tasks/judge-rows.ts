/** Every row of one range: to be sent, with its country, parts and price, or bad, with the reason. Pure; the blacklist and duplicates come later. */
import type { RowRejection } from '../../schema/errors';
import type { Iso2 } from '../../schema/ids';
import { TEXT_MAX_CHARACTERS } from '../../schema/limits';
import type { TaskSettings } from '../../schema/protocol/task-run';
import { parsePhone } from '../rules/phone';
import { measureText, type Encoding } from '../rules/sms-parts';
import { isBlank } from './file-head';
import { bindTemplate, parseTemplate, renderBound, type BoundTemplate } from '../rules/text-variables';

export interface BadRow {
  /** Row number in the file, from 1. */
  readonly row: number;
  readonly value: string;
  readonly reason: RowRejection;
  /** Name of the variable, limit …: whatever the reason's text mentions; '' when nothing. */
  readonly detail: string;
}

/** Columns of one table, so that a range of 70 000 rows is a handful of arrays. */
export interface Candidates {
  readonly rows: number[];
  readonly digits: string[];
  readonly countries: Iso2[];
  readonly parts: number[];
  readonly encodings: Encoding[];
  /** Micro-EUR of the whole message. */
  readonly prices: number[];
  /** JSON array text of the values that the text uses; null where it uses none. */
  readonly contents: (string | null)[];
  readonly values: (readonly string[])[];
}

export interface JudgedRows {
  /** Rows that are not blank. */
  readonly count: number;
  readonly candidates: Candidates;
  readonly bad: BadRow[];
}

/** Longest piece of a bad row that is kept: enough to recognise it. */
const VALUE_MAX = 200;

/** Names that the text uses, once each, in the order of the text: the columns of the shards' rows. */
export const usedColumns = (text: string): string[] => [...new Set(parseTemplate(text).names)];

interface Message {
  readonly parts: number;
  readonly encoding: Encoding;
  readonly content: string | null;
}

export class RowJudge {
  readonly #settings: TaskSettings;
  readonly #prices: Readonly<Record<string, number>>;
  readonly #bound: BoundTemplate;
  readonly #used: readonly number[];
  /** The same for every row of a text without variables. */
  readonly #fixed: Message | null;

  constructor(settings: TaskSettings, columns: readonly string[], prices: Readonly<Record<string, number>>) {
    this.#settings = settings;
    this.#prices = prices;
    const template = parseTemplate(settings.text);
    this.#bound = bindTemplate(template, columns);
    this.#used = bindTemplate({ literals: [], names: usedColumns(settings.text) }, columns).columns;
    const { parts, encoding } = measureText(settings.text, settings.textType);
    this.#fixed = template.names.length === 0 ? { parts, encoding, content: null } : null;
  }

  /** @param firstRow number of the first row in the file, from 1 */
  judge(rows: readonly (readonly string[])[], firstRow: number): JudgedRows {
    const candidates: Candidates = { rows: [], digits: [], countries: [], parts: [], encodings: [], prices: [], contents: [], values: [] };
    const bad: BadRow[] = [];
    let count = 0;
    for (let at = 0; at < rows.length; at++) {
      const values = rows[at] ?? [];
      const raw = values[0] ?? '';
      if (raw === '' && isBlank(values)) continue;
      count++;
      const refuse = (reason: RowRejection, detail = ''): void => {
        bad.push({ row: firstRow + at, value: raw.slice(0, VALUE_MAX), reason, detail });
      };
      const phone = parsePhone(raw);
      if (!phone.valid) {
        refuse(raw.includes('\ufffd') ? 'not_text' : phone.reason);
        continue;
      }
      const unit = this.#settings.test ? 0 : this.#prices[phone.country];
      if (unit === undefined) {
        refuse('no_price', phone.country);
        continue;
      }
      const message = this.#fixed ?? this.#render(values, refuse);
      if (message === null) continue;
      candidates.rows.push(firstRow + at);
      candidates.digits.push(phone.digits);
      candidates.countries.push(phone.country);
      candidates.parts.push(message.parts);
      candidates.encodings.push(message.encoding);
      candidates.prices.push(unit * message.parts);
      candidates.contents.push(message.content);
      candidates.values.push(values);
    }
    return { count, candidates, bad };
  }

  #render(values: readonly string[], refuse: (reason: RowRejection, detail?: string) => void): Message | null {
    const rendered = renderBound(this.#bound, values);
    if (!rendered.ok) {
      refuse('variable_missing', rendered.missing.join(', '));
      return null;
    }
    // A character that could not be decoded would reach the recipient as �.
    const content = JSON.stringify(this.#used.map((column) => values[column] ?? ''));
    if (content.includes('\ufffd')) {
      refuse('not_text');
      return null;
    }
    const { parts, encoding, characters } = measureText(rendered.text, this.#settings.textType);
    if (characters > TEXT_MAX_CHARACTERS) {
      refuse('text_too_long', String(TEXT_MAX_CHARACTERS));
      return null;
    }
    return { parts, encoding, content };
  }
}
