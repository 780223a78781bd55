/**
 * Where the cells of an archive row lie (archive-lines.ts writes them). Id and times have one length, so country is found by arithmetic; what
 * follows is walked byte by byte. A quote opens only at the start of a cell, and within quotes each quote is doubled: counting them tells
 * whether a comma or a line end is text.
 */
export const QUOTE = 0x22;
export const COMMA = 0x2c;
const LF = 0x0a;

const ID_LENGTH = 15;
/** `2026-11-23T05:15:37.123Z` */
export const TIME_LENGTH = 24;
export const LINE_END_LENGTH = 2;
/** From the start of a row to its time of acceptance, and to the cell behind that. */
export const RECEIVED_AT = ID_LENGTH + 1;
const SUBMITTED_AT = RECEIVED_AT + TIME_LENGTH + 1;
/** From the start of the country to the cell behind it. */
const COUNTRY_CELL = 3;

/** Start of `final_at` in a row that starts at `row`. */
export function finalCell(bytes: Uint8Array, row: number): number {
  const submitted = row + SUBMITTED_AT;
  return bytes[submitted] === COMMA ? submitted + 1 : submitted + TIME_LENGTH + 1;
}

/** Start of `country` behind the cell `final_at`. */
export const countryCell = (bytes: Uint8Array, final: number): number => (bytes[final] === COMMA ? final + 1 : final + TIME_LENGTH + 1);

/** Start of `from` behind the cell `country`. */
export const senderCell = (country: number): number => country + COUNTRY_CELL;

/** The two letters as one number. */
export const countryCode = (bytes: Uint8Array, country: number): number => ((bytes[country] ?? 0) << 8) | (bytes[country + 1] ?? 0);

/** Start of the cell behind the one at `at`, which is not the last of its row. */
export function nextCell(bytes: Uint8Array, at: number): number {
  let end = at;
  if (bytes[at] === QUOTE) {
    end = at + 1;
    for (;;) {
      while (bytes[end] !== QUOTE) end++;
      if (bytes[end + 1] !== QUOTE) break;
      end += 2;
    }
  }
  while (bytes[end] !== COMMA) end++;
  return end + 1;
}

/** Start of the row behind the one that the cell at `cell` belongs to. */
export function nextRow(bytes: Uint8Array, cell: number): number {
  const { length } = bytes;
  let isQuoted = false;
  for (let at = cell; at < length; at++) {
    const byte = bytes[at];
    if (byte === LF) {
      if (!isQuoted) return at + 1;
    } else if (byte === QUOTE) isQuoted = !isQuoted;
  }
  return length;
}

/** Whether these bytes stand at `at`. */
export function standsAt(bytes: Uint8Array, at: number, wanted: Uint8Array): boolean {
  for (let index = 0; index < wanted.length; index++) if (bytes[at + index] !== wanted[index]) return false;
  return true;
}

// A byte order mark at the start of a text is text like any other.
const decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });

/** What a cell says. @param end behind its last byte, the comma not included */
export function cellText(bytes: Uint8Array, at: number, end: number): string {
  const cell = decoder.decode(bytes.subarray(at, end));
  return bytes[at] === QUOTE ? cell.slice(1, -1).replaceAll('""', '"') : cell;
}
