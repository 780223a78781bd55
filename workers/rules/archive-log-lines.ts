/**
 * From rows of an archive file to lines of a log export, the same bytes that log-lines.ts makes of the live row. Texts are copied as bytes;
 * what repeats (task, country, outcome, the minute of a time) is made once and remembered.
 */
import type { Iso2 } from '../../schema/ids';
import type { LineFormat, LogRow } from '../../schema/protocol/message-shard';
import { isFreeState, type Locale, type MessageState, type TrafficKind } from '../../schema/states';
import { cellText, COMMA, countryCode, LINE_END_LENGTH, nextCell, QUOTE, RECEIVED_AT, senderCell, standsAt } from './archive-cells';
import type { ArchiveScan } from './archive-scan';
import { countryName } from './countries';
import { csvLine } from './csv';
import { needsNeutralising } from './formulas';
import { giveBack } from './given-back';
import { LocalMinutes } from './local-minutes';
import { logCells } from './log-cells';
import { LOG_CURRENCY } from './log-lines';
import { maskedBody } from './masking';
import { decimalMoney } from './money';
import { maskDigits } from './phone';
import { messageErrorText } from './vonage-status';

const START_BYTES = 1 << 20;
/** Id, two times, country and number with their commas. */
const PLAIN_BYTES = 512;
/** Texts that are remembered in the form of the export. */
const REMEMBERED_MAX = 10_000;
/** From status to kind. */
const OUTCOME_CELLS = 6;
/** Key, task and task name. */
const ORIGIN_CELLS = 3;

const encoder = new TextEncoder();
const cells = (...fields: readonly string[]): Uint8Array => encoder.encode(`${csvLine(fields).slice(0, -2)},`);

/** First bytes of a cell that is copied as it is: it has no quotes, and no spreadsheet would run it. */
const IS_PLAIN = Uint8Array.from({ length: 256 }, (_, byte) => {
  const lead = String.fromCharCode(byte);
  if (byte < 0x80) return byte === QUOTE || needsNeutralising(`${lead}=`) ? 0 : 1;
  // 0xEF begins the full-width signs, among others.
  return byte === 0xef ? 0 : 1;
});

interface Outcome {
  readonly source: Uint8Array;
  readonly bytes: Uint8Array;
  readonly kind: TrafficKind;
}

export class ArchiveLogLines {
  readonly #format: LineFormat;
  readonly #minutes: LocalMinutes;
  readonly #countries = new Map<number, Uint8Array>();
  /** By a hash of the cells of the archive. */
  readonly #outcomes = new Map<number, Outcome>();
  #buffer = new Uint8Array(START_BYTES);
  #end = 0;
  /** Key, task and task name of the last row, as the archive and as the export have them. */
  #origin: Uint8Array = new Uint8Array();
  #task: Uint8Array = new Uint8Array();
  #key: Uint8Array = new Uint8Array();

  constructor(format: LineFormat) {
    this.#format = format;
    this.#minutes = new LocalMinutes(format.timeZone);
  }

  /** Bytes so far. */
  get length(): number {
    return this.#end;
  }

  /** The row at which the scan stands. */
  add(scan: ArchiveScan): void {
    const { bytes, start, final, country } = scan;
    const sender = senderCell(country);
    const to = nextCell(bytes, sender);
    const status = nextCell(bytes, to);
    const outcome = this.#outcomeAt(bytes, status);
    const ref = this.#readOrigin(bytes, status + outcome.source.length);
    const body = bytes[ref] === COMMA ? ref + 1 : nextCell(bytes, ref);
    const end = scan.endFrom(body);
    const where = this.#countryBytes(bytes, country);
    this.#makeRoom(this.#task.length + this.#key.length + where.length + outcome.bytes.length + PLAIN_BYTES + (end - start) * 2);
    this.#copy(this.#task);
    this.#copyBytes(bytes, start, start + RECEIVED_AT);
    this.#copy(this.#key);
    this.#end = this.#minutes.write(bytes, start + RECEIVED_AT, this.#buffer, this.#end);
    if (bytes[final] === COMMA) this.#buffer[this.#end++] = COMMA;
    else this.#end = this.#minutes.write(bytes, final, this.#buffer, this.#end);
    this.#copy(where);
    this.#copyText(bytes, sender, to - 1);
    this.#buffer[this.#end++] = COMMA;
    if (this.#format.maskNumbers) this.#copy(cells(maskDigits(cellText(bytes, to, status - 1))));
    else this.#copyBytes(bytes, to, status);
    this.#copy(outcome.bytes);
    if (this.#format.maskBodies && outcome.kind === 'transactional') this.#maskBody(bytes, body, end, outcome.kind);
    else this.#copyBody(bytes, body, end);
  }

  /** A row that is no longer what the file says. */
  addRow(row: LogRow): void {
    const line = encoder.encode(csvLine(logCells(row, this.#format)));
    this.#makeRoom(line.length);
    this.#copy(line);
  }

  /** The lines so far, good until the next row: the buffer is used again. */
  take(): Uint8Array {
    const bytes = this.#buffer.subarray(0, this.#end);
    this.#end = 0;
    return bytes;
  }

  #makeRoom(bytes: number): void {
    if (this.#end + bytes <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(this.#buffer.length * 2, this.#end + bytes));
    larger.set(this.#buffer.subarray(0, this.#end));
    giveBack(this.#buffer);
    this.#buffer = larger;
  }

  #copy(bytes: Uint8Array): void {
    this.#buffer.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  /** Few bytes: a view of them would cost more than the loop. */
  #copyBytes(bytes: Uint8Array, from: number, until: number): void {
    const buffer = this.#buffer;
    let end = this.#end;
    for (let at = from; at < until; at++) buffer[end++] = bytes[at] ?? 0;
    this.#end = end;
  }

  /** A cell without the comma behind it. */
  #copyText(bytes: Uint8Array, at: number, until: number): void {
    if (at === until || IS_PLAIN[bytes[at] ?? 0] === 1) this.#copyBytes(bytes, at, until);
    else this.#copy(cells(cellText(bytes, at, until)).subarray(0, -1));
  }

  /** The last cell with the end of the line. */
  #copyBody(bytes: Uint8Array, at: number, end: number): void {
    const until = end - LINE_END_LENGTH;
    const first = bytes[at] === QUOTE ? at + 1 : at;
    // Quoted as the export quotes; a doubled quote is no formula.
    if (at === until || IS_PLAIN[bytes[first] ?? 0] === 1 || bytes[first] === QUOTE) {
      this.#buffer.set(bytes.subarray(at, end), this.#end);
      this.#end += end - at;
      return;
    }
    this.#copy(encoder.encode(csvLine([cellText(bytes, at, until)])));
  }

  #countryBytes(bytes: Uint8Array, at: number): Uint8Array {
    const code = countryCode(bytes, at);
    const known = this.#countries.get(code);
    if (known) return known;
    const country = String.fromCharCode(code >> 8, code & 0xff) as Iso2;
    const made = cells(country, countryName(country, 'en'), countryName(country, 'zh-CN'));
    this.#countries.set(code, made);
    return made;
  }

  /** A masked body may be longer than the body: dots take three bytes. */
  #maskBody(bytes: Uint8Array, at: number, end: number, kind: TrafficKind): void {
    const line = encoder.encode(csvLine([maskedBody(cellText(bytes, at, end - LINE_END_LENGTH), kind)]));
    this.#makeRoom(line.length);
    this.#copy(line);
  }

  /** From status to kind: the archive has them side by side and in the order of the export. */
  #outcomeAt(bytes: Uint8Array, status: number): Outcome {
    let at = status;
    let hash = 0;
    for (let left = OUTCOME_CELLS; left > 0; at++) {
      const byte = bytes[at] ?? COMMA;
      // A quoted cell may hold commas: the cells are counted anew, its outcome is as good.
      if (byte === QUOTE) return makeOutcome(bytes, status, this.#format.locale);
      if (byte === COMMA) left -= 1;
      hash = (Math.imul(hash, 31) + byte) | 0;
    }
    const known = this.#outcomes.get(hash);
    if (known && known.source.length === at - status && standsAt(bytes, status, known.source)) return known;
    const outcome = makeOutcome(bytes, status, this.#format.locale);
    if (this.#outcomes.size >= REMEMBERED_MAX) this.#outcomes.clear();
    this.#outcomes.set(hash, outcome);
    return outcome;
  }

  /** Key and task: nearly always those of the row before. @returns the start of the cell behind them */
  #readOrigin(bytes: Uint8Array, at: number): number {
    if (this.#origin.length > 0 && standsAt(bytes, at, this.#origin)) return at + this.#origin.length;
    const [key = '', task = '', taskName = ''] = textsAt(bytes, at, ORIGIN_CELLS);
    let next = at;
    for (let cell = 0; cell < ORIGIN_CELLS; cell++) next = nextCell(bytes, next);
    this.#origin = bytes.slice(at, next);
    this.#key = cells(key);
    this.#task = cells(task, taskName);
    return next;
  }
}

function makeOutcome(bytes: Uint8Array, status: number, locale: Locale): Outcome {
  const [state = '', error = '', network = '', parts = '', price = '', kind = ''] = textsAt(bytes, status, OUTCOME_CELLS);
  const text = error === '' ? '' : messageErrorText(error, locale);
  const cost = isFreeState(state as MessageState) ? decimalMoney(0) : price;
  let end = status;
  for (let cell = 0; cell < OUTCOME_CELLS; cell++) end = nextCell(bytes, end);
  return {
    source: bytes.slice(status, end),
    bytes: cells(state, error, text, network, parts, cost, LOG_CURRENCY, kind),
    kind: kind as TrafficKind,
  };
}

function textsAt(bytes: Uint8Array, first: number, count: number): string[] {
  const texts: string[] = [];
  let at = first;
  for (let cell = 0; cell < count; cell++) {
    const next = nextCell(bytes, at);
    texts.push(cellText(bytes, at, next - 1));
    at = next;
  }
  return texts;
}
