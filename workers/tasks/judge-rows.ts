/** Every row of one range: to be sent, with its country, parts and price, or bad, with the reason. Pure; the blacklist and duplicates come later. */
import type { RowRejection } from '../../schema/errors';
import type { Iso2 } from '../../schema/ids';
import { MAINLAND_COUNTRY } from '../../schema/limits';
import type { CheckTerms, TaskSettings } from '../../schema/protocol/task-run';
import { parsePhone } from '../rules/phone';
import type { Encoding } from '../rules/sms-parts';
import { isBlank } from './file-head';
import { RowMessages } from './row-messages';

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

const noCandidates = (): Candidates => ({
  rows: [],
  digits: [],
  countries: [],
  parts: [],
  encodings: [],
  prices: [],
  contents: [],
  values: [],
});

/**
 * @param columns of the file
 * @param terms what was found when the file was split; a country without a price cannot be sent to
 * @param firstRow number of the first row in the file, from 1
 */
export function judgeRows(
  settings: Pick<TaskSettings, 'text' | 'textType' | 'test' | 'domestic'>,
  columns: readonly string[],
  { prices, mainlandClosed, countries }: CheckTerms,
  rows: readonly (readonly string[])[],
  firstRow: number,
): JudgedRows {
  const messages = new RowMessages(settings.text, settings.textType, columns);
  const candidates = noCandidates();
  const allowed = countries === null ? null : new Set(countries);
  const bad: BadRow[] = [];
  let count = 0;
  for (let at = 0; at < rows.length; at++) {
    const values = rows[at] ?? [];
    const raw = values[0] ?? '';
    if (raw === '' && isBlank(values)) continue;
    count++;
    const row = firstRow + at;
    const phone = parsePhone(raw);
    if (!phone.valid) {
      bad.push({ row, value: raw.slice(0, VALUE_MAX), reason: raw.includes('\ufffd') ? 'not_text' : phone.reason, detail: '' });
      continue;
    }
    const isMainland = phone.country === MAINLAND_COUNTRY;
    if (settings.domestic ? !isMainland : isMainland && mainlandClosed) {
      bad.push({ row, value: raw, reason: isMainland ? 'mainland_task' : 'not_mainland', detail: phone.country });
      continue;
    }
    if (allowed !== null && !allowed.has(phone.country)) {
      bad.push({ row, value: raw, reason: 'country_not_allowed', detail: phone.country });
      continue;
    }
    const unit = settings.test ? 0 : prices[phone.country];
    if (unit === undefined) {
      bad.push({ row, value: raw, reason: 'no_price', detail: phone.country });
      continue;
    }
    const message = messages.of(values);
    if (message.reason !== null) {
      bad.push({ row, value: raw, reason: message.reason, detail: message.detail });
      continue;
    }
    candidates.rows.push(row);
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
