/**
 * CSV in and out (RFC 4180). Reading follows the one grammar that line-ranges.ts also follows, so that a file cut into ranges holds exactly
 * the rows of the whole file: a quote opens only at the start of a field, `""` inside is a quote, what follows a closing quote up to the next
 * delimiter belongs to the field, and `\n`, `\r\n` or a lone `\r` ends a row, mixed as they come. (papaparse guesses one line end for the
 * whole text and reads on behind a stray closing quote; rows at the cuts would differ.)
 */
import { neutralise, needsNeutralising } from './formulas';

/** What separates columns; the first is the default for a file of one column. */
export const DELIMITERS = [',', '\t', ';', '|'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

export const QUOTE = 0x22;
const CR = 0x0d;
const LF = 0x0a;

/**
 * Rows of cells, untrimmed, blank lines as one empty cell so that rows keep their numbers. The end of the last line makes no further row.
 * An unclosed quote takes the rest of the text.
 */
export function parseCsv(text: string, delimiter: string): string[][] {
  return text.includes('"') ? parseQuoted(text, delimiter) : parsePlain(text, delimiter);
}

function parsePlain(text: string, delimiter: string): string[][] {
  if (text === '') return [];
  const lines = text.includes('\r') ? text.split(/\r\n|\n|\r/) : text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => line.split(delimiter));
}

/** Next delimiter or line end at or behind `at`. */
function fieldEnd(text: string, delimiter: number, at: number): number {
  let end = at;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === delimiter || code === LF || code === CR) break;
  }
  return end;
}

/** @returns the text inside the quotes that open at `at`, and where it goes on behind the closing one. */
function quotedText(text: string, at: number): { value: string; next: number } {
  let value = '';
  let from = at + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote < 0) return { value: value + text.slice(from), next: text.length };
    value += text.slice(from, quote);
    if (text.charCodeAt(quote + 1) !== QUOTE) return { value, next: quote + 1 };
    value += '"';
    from = quote + 2;
  }
}

function parseQuoted(text: string, delimiter: string): string[][] {
  const delimiterCode = delimiter.charCodeAt(0);
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  for (;;) {
    let value = '';
    if (text.charCodeAt(at) === QUOTE) {
      const quoted = quotedText(text, at);
      value = quoted.value;
      at = quoted.next;
    }
    const end = fieldEnd(text, delimiterCode, at);
    row.push(value + text.slice(at, end));
    at = end + 1;
    if (text.charCodeAt(end) === delimiterCode) continue;
    rows.push(row);
    if (text.charCodeAt(end) === CR && text.charCodeAt(at) === LF) at++;
    if (at >= text.length) return rows;
    row = [];
  }
}

/** Rows that are looked at to tell the delimiter. */
const SAMPLE_ROWS = 50;

/**
 * The delimiter with which most rows have as many columns as the first, more columns first among equals.
 * @param firstLines some kilobytes of decoded text; a last line that is cut does no harm.
 */
export function detectDelimiter(firstLines: string): Delimiter {
  let best: { delimiter: Delimiter; share: number; columns: number } = { delimiter: ',', share: 0, columns: 1 };
  for (const delimiter of DELIMITERS) {
    const rows = parseCsv(firstLines, delimiter)
      .slice(0, SAMPLE_ROWS)
      .filter((row) => row.length > 1 || row[0] !== '');
    const columns = rows[0]?.length ?? 0;
    if (columns < 2) continue;
    const share = rows.filter((row) => row.length === columns).length / rows.length;
    if (share > best.share || (share === best.share && columns > best.columns)) best = { delimiter, share, columns };
  }
  return best.delimiter;
}

export const NEEDS_QUOTES = /[",\r\n]/;

/** One row with its line end (CRLF). A cell that a spreadsheet would run as a formula gets an apostrophe in front, see formulas.ts. */
export function csvLine(fields: readonly string[]): string {
  return `${fields.map(csvField).join(',')}\r\n`;
}

/** One row as it is, for files that no spreadsheet opens: nothing gets an apostrophe. */
export const rawCsvLine = (fields: readonly string[]): string => `${fields.map(csvQuoted).join(',')}\r\n`;

const csvQuoted = (cell: string): string => (NEEDS_QUOTES.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
const csvField = (field: string): string => csvQuoted(neutralise(field));

const COMMA = 0x2c;

/** Bytes that a row can take at most: 3 a UTF-16 unit (a doubled quote takes 2), quotes, an apostrophe and a comma a field, the line end. */
function worstLength(row: readonly string[]): number {
  let units = 0;
  for (let column = 0; column < row.length; column++) units += (row[column] ?? '').length;
  return units * 3 + row.length * 4 + 2;
}

/** From this length a native pass over the cell beats a loop over its characters. */
const LONG_CELL = 24;
const encoder = new TextEncoder();

/**
 * Characters of a cell, or of a piece of one, without the quotes around it. @param isQuoted quotes stand around it: what separates cells is text there,
 * and a quote is written twice @param into with room for three bytes a UTF-16 unit
 * @returns its end; -1 at a character that wants quotes where there are none, or is half of a pair
 */
export function writeCharacters(text: string, into: Uint8Array, start: number, isQuoted: boolean): number {
  let to = start;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x80) {
      if (code <= COMMA && (code === COMMA || code === QUOTE || code === CR || code === LF)) {
        if (!isQuoted) return -1;
        if (code === QUOTE) into[to++] = QUOTE;
      }
      into[to++] = code;
    } else if (code < 0x800) {
      into[to++] = 0xc0 | (code >> 6);
      into[to++] = 0x80 | (code & 63);
    } else {
      if (code >= 0xd800 && code <= 0xdfff) return -1;
      into[to++] = 0xe0 | (code >> 12);
      into[to++] = 0x80 | ((code >> 6) & 63);
      into[to++] = 0x80 | (code & 63);
    }
  }
  return to;
}

function writeEncoded(cell: string, into: Uint8Array, start: number): number {
  const quoted = csvQuoted(cell);
  return start + encoder.encodeInto(quoted, into.subarray(start)).written;
}

/** One cell as it is, without the comma behind it. @param into with room for three bytes a UTF-16 unit and two quotes @returns its end */
export function writeCell(cell: string, into: Uint8Array, start: number): number {
  if (cell.length >= LONG_CELL) return writeEncoded(cell, into, start);
  const end = writeCharacters(cell, into, start, false);
  return end < 0 ? writeEncoded(cell, into, start) : end;
}

/**
 * csvLine for many rows, straight into a buffer that is reused: no string is built. Stops before the first row that might not fit.
 * @param into buffer with room for the longest row; the rest of the previous part may stand before `offset`
 * @param from first row to write
 * @returns how many rows were written and where the buffer now ends
 */
export function encodeCsvRows(
  rows: readonly (readonly string[])[],
  into: Uint8Array,
  offset = 0,
  from = 0,
): { written: number; end: number } {
  let to = offset;
  let index = from;
  for (; index < rows.length; index++) {
    const row = rows[index] ?? [];
    if (to + worstLength(row) > into.length) break;
    for (let column = 0; column < row.length; column++) {
      if (column > 0) into[to++] = COMMA;
      const field = row[column] ?? '';
      to = writeCell(needsNeutralising(field) ? neutralise(field) : field, into, to);
    }
    into[to++] = CR;
    into[to++] = LF;
  }
  return { written: index - from, end: to };
}
