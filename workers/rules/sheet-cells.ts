/**
 * Lines of csv into rows of a sheet, bytes to bytes: exports make their rows as csv once (log-lines.ts) and every format is made from that. No string
 * is built on the way, which is what makes an xlsx of ten million rows a matter of a minute (docs/decisions).
 *
 * The csv is our own (RFC 4180, CRLF, whole lines). Texts stand in their cells, not in a table of strings, so that nothing has to be remembered from row to row.
 */
import { XLSX_CELL_MAX } from '../../schema/limits';

/** What a column holds: texts, numbers to compute with, or digits that are a name (phone numbers), which a spreadsheet must never round. */
export type CellKind = 'text' | 'digits' | 'number';

const QUOTE = 0x22;
const COMMA = 0x2c;
const CR = 0x0d;
const LF = 0x0a;
const SPACE = 0x20;
const UNDERSCORE = 0x5f;
/** First byte of U+FFFE and U+FFFF, which XML does not allow. */
const EF = 0xef;
/** A byte of csv becomes this many of XML at most: `_x0001_`. */
const WORST_GROWTH = 7;
/** Reference and tags of one cell. */
const CELL_BYTES = 128;
/** A double holds this many decimal digits. */
const EXACT_DIGITS = 15;

const encoder = new TextEncoder();
const ascii = (text: string): Uint8Array => encoder.encode(text);

/** Style numbers of xlsx-book.ts. */
const TEXT_STYLE = 1;
export const TITLE_STYLE = 2;

const ROW_OPEN = ascii('<row r="');
const ROW_OPEN_END = ascii('">');
const ROW_CLOSE = ascii('</row>');
const VALUE_END = ascii('</v></c>');
const TEXT_OPEN = ascii('" t="str"><v>');
const DIGITS_OPEN = ascii(`" t="str" s="${TEXT_STYLE}"><v>`);
const NUMBER_OPEN = ascii('"><v>');
/** Half as long again; the only form in which blanks at the ends are sure to stay. */
const INLINE_OPEN = ascii('" t="inlineStr"><is><t xml:space="preserve">');
const INLINE_DIGITS_OPEN = ascii(`" t="inlineStr" s="${TEXT_STYLE}"><is><t xml:space="preserve">`);
const INLINE_END = ascii('</t></is></c>');

/** Bytes that XML or Excel's own escapes (`_x000D_`) want to see written otherwise; ECMA-376 part 1, 22.9.2.19. */
const SPECIAL = new Uint8Array(256);
SPECIAL.fill(1, 0, SPACE);
SPECIAL[LF] = 0;
SPECIAL[0x09] = 0;
for (const byte of [0x26, 0x3c, 0x3e, UNDERSCORE, EF]) SPECIAL[byte] = 1;
const HEX = '0123456789ABCDEF';

/** `A`, `Z`, `AA` … @param column from 0 */
export function columnName(column: number): string {
  const last = String.fromCharCode(65 + (column % 26));
  return column < 26 ? last : columnName(Math.floor(column / 26) - 1) + last;
}

export class SheetCells {
  readonly #kinds: readonly CellKind[];
  /** `<c r="A`, `<c r="B` … */
  readonly #opens: readonly Uint8Array[];
  #buffer: Uint8Array;
  #end = 0;
  readonly #rowDigits = new Uint8Array(8);
  #rowDigitsLength = 0;

  /** @param bytes how many to make room for at first */
  constructor(kinds: readonly CellKind[], bytes: number) {
    this.#kinds = kinds;
    this.#opens = kinds.map((_, column) => ascii(`<c r="${columnName(column)}`));
    this.#buffer = new Uint8Array(bytes);
  }

  get length(): number {
    return this.#end;
  }

  /** The XML so far: valid until the next call. */
  take(): Uint8Array {
    const made = this.#buffer.subarray(0, this.#end);
    this.#end = 0;
    return made;
  }

  /** @param xml as it is, ASCII or UTF-8 */
  raw(xml: string): void {
    const bytes = ascii(xml);
    this.#room(bytes.length);
    this.#copy(bytes);
  }

  /**
   * One line of csv as one row.
   * @param row its number in the sheet, from 1
   * @returns where the next line begins
   */
  line(csv: Uint8Array, start: number, row: number): number {
    this.#setRow(row);
    this.#room(CELL_BYTES);
    this.#copy(ROW_OPEN);
    this.#copyRow();
    this.#copy(ROW_OPEN_END);
    let at = start;
    for (let column = 0; ; column++) {
      at = csv[at] === QUOTE ? this.#quotedCell(csv, at + 1, column) : this.#plainCell(csv, at, column);
      const stop = csv[at];
      at++;
      if (stop === COMMA) continue;
      if (stop === CR && csv[at] === LF) at++;
      break;
    }
    this.#room(ROW_CLOSE.length);
    this.#copy(ROW_CLOSE);
    return at;
  }

  /** @returns where the cell ends: at a comma, a line end or the end of the bytes */
  #plainCell(csv: Uint8Array, start: number, column: number): number {
    const { length } = csv;
    let end = start;
    let special = 0;
    for (; end < length; end++) {
      const byte = csv[end] as number;
      if (byte === COMMA || byte === CR || byte === LF) break;
      special |= SPECIAL[byte] as number;
    }
    if (end > start) this.#cell(csv, start, end, column, special === 1);
    return end;
  }

  /** @param start behind the opening quote @returns behind the closing one */
  #quotedCell(csv: Uint8Array, start: number, column: number): number {
    const { length } = csv;
    let end = start;
    let doubled = 0;
    let special = 0;
    for (; end < length; end++) {
      const byte = csv[end] as number;
      if (byte !== QUOTE) {
        // Line ends and tabs stay as they are, but in a cell that keeps its blanks.
        special |= byte < SPACE ? 1 : (SPECIAL[byte] as number);
        continue;
      }
      if (csv[end + 1] !== QUOTE) break;
      doubled++;
      end++;
    }
    if (doubled === 0) {
      if (end > start) this.#cell(csv, start, end, column, special === 1);
    } else {
      const plain = new Uint8Array(end - start - doubled);
      let to = 0;
      for (let at = start; at < end; at++) {
        plain[to++] = csv[at] as number;
        if (csv[at] === QUOTE) at++;
      }
      this.#cell(plain, 0, plain.length, column, true);
    }
    return end + 1;
  }

  #cell(from: Uint8Array, start: number, end: number, column: number, special: boolean): void {
    if (end - start > XLSX_CELL_MAX) {
      this.#longCell(from.subarray(start, end), column);
      return;
    }
    this.#room((end - start) * WORST_GROWTH + CELL_BYTES);
    this.#copy(this.#opens[column] ?? this.#lateOpen(column));
    this.#copyRow();
    const kind = this.#kinds[column];
    if (kind === 'number' && isNumber(from, start, end)) {
      this.#copy(NUMBER_OPEN);
      this.#text(from, start, end);
      this.#copy(VALUE_END);
      return;
    }
    if (special || (from[start] as number) <= SPACE || (from[end - 1] as number) <= SPACE) {
      this.#copy(kind === 'digits' ? INLINE_DIGITS_OPEN : INLINE_OPEN);
      this.#escaped(from, start, end);
      this.#copy(INLINE_END);
      return;
    }
    this.#copy(kind === 'digits' ? DIGITS_OPEN : TEXT_OPEN);
    this.#text(from, start, end);
    this.#copy(VALUE_END);
  }

  /** Excel takes so many characters in a cell and calls the file damaged when there are more. */
  #longCell(bytes: Uint8Array, column: number): void {
    const cut = ascii(new TextDecoder().decode(bytes).slice(0, XLSX_CELL_MAX));
    this.#room(cut.length * WORST_GROWTH + CELL_BYTES);
    this.#copy(this.#opens[column] ?? this.#lateOpen(column));
    this.#copyRow();
    this.#copy(INLINE_OPEN);
    this.#escaped(cut, 0, cut.length);
    this.#copy(INLINE_END);
  }

  #lateOpen(column: number): Uint8Array {
    return ascii(`<c r="${columnName(column)}`);
  }

  #room(bytes: number): void {
    if (this.#end + bytes <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(this.#buffer.length * 2, this.#end + bytes));
    larger.set(this.#buffer.subarray(0, this.#end));
    this.#buffer = larger;
  }

  #setRow(row: number): void {
    let digits = 1;
    for (let rest = row; rest >= 10; rest = Math.floor(rest / 10)) digits++;
    this.#rowDigitsLength = digits;
    for (let rest = row, at = digits - 1; at >= 0; at--) {
      this.#rowDigits[at] = 48 + (rest % 10);
      rest = Math.floor(rest / 10);
    }
  }

  #copyRow(): void {
    const buffer = this.#buffer;
    let end = this.#end;
    for (let at = 0; at < this.#rowDigitsLength; at++) buffer[end++] = this.#rowDigits[at] as number;
    this.#end = end;
  }

  /** Byte by byte: for so few a native copy costs more. */
  #copy(bytes: Uint8Array): void {
    this.#text(bytes, 0, bytes.length);
  }

  #text(from: Uint8Array, start: number, stop: number): void {
    const buffer = this.#buffer;
    let end = this.#end;
    for (let at = start; at < stop; at++) buffer[end++] = from[at] as number;
    this.#end = end;
  }

  #escaped(from: Uint8Array, start: number, stop: number): void {
    const buffer = this.#buffer;
    for (let at = start; at < stop; at++) {
      const byte = from[at] as number;
      if (SPECIAL[byte] === 0) buffer[this.#end++] = byte;
      else if (byte === 0x26) this.#ascii('&amp;');
      else if (byte === 0x3c) this.#ascii('&lt;');
      else if (byte === 0x3e) this.#ascii('&gt;');
      else if (byte === UNDERSCORE) this.#ascii(looksEscaped(from, at, stop) ? '_x005F_' : '_');
      else if (byte === EF) {
        if (from[at + 1] === 0xbf && ((from[at + 2] as number) === 0xbe || (from[at + 2] as number) === 0xbf)) {
          this.#ascii(from[at + 2] === 0xbe ? '_xFFFE_' : '_xFFFF_');
          at += 2;
        } else buffer[this.#end++] = byte;
      } else this.#ascii(`_x00${HEX[byte >> 4]}${HEX[byte & 15]}_`);
    }
  }

  #ascii(text: string): void {
    for (let at = 0; at < text.length; at++) this.#buffer[this.#end++] = text.charCodeAt(at);
  }
}

/** `_x0041_` would be read as `A`. */
function looksEscaped(from: Uint8Array, at: number, stop: number): boolean {
  if (at + 6 >= stop || from[at + 1] !== 0x78 || from[at + 6] !== UNDERSCORE) return false;
  for (let digit = at + 2; digit < at + 6; digit++) {
    const lower = (from[digit] as number) | 0x20;
    if (!((lower >= 0x30 && lower <= 0x39) || (lower >= 0x61 && lower <= 0x66))) return false;
  }
  return true;
}

/** Digits with at most one point and a minus in front, few enough to stay exact. */
function isNumber(from: Uint8Array, start: number, end: number): boolean {
  let digits = 0;
  let points = 0;
  for (let at = from[start] === 0x2d ? start + 1 : start; at < end; at++) {
    const byte = from[at] as number;
    if (byte >= 0x30 && byte <= 0x39) digits++;
    else if (byte === 0x2e && digits > 0 && at + 1 < end) points++;
    else return false;
  }
  return digits > 0 && digits <= EXACT_DIGITS && points <= 1;
}
