/**
 * Rows of an archive file as csv (RFC 4180): raw values, times in ISO 8601 UTC with milliseconds, money as a decimal in EUR. Any tool reads
 * it as it is; the platform reads it through archive-reader. What repeats from line to line is encoded once and copied.
 */
import { rawCsvLine, writeCell } from './csv';
import type { LineClass, LogLine, SharedColumns } from './log-lines';
import { decimalMoney } from './money';

/** In the order of the file. Append only: files of every age live at once. */
export const ARCHIVE_COLUMNS = [
  'id',
  'received_at',
  'submitted_at',
  'final_at',
  'country',
  'from',
  'to',
  'status',
  'error',
  'network',
  'parts',
  'price',
  'kind',
  'key',
  'task',
  'task_name',
  'ref',
  'body',
] as const;

const encoder = new TextEncoder();

/** First line of a file. */
export const archiveHeader = (): Uint8Array => encoder.encode(rawCsvLine(ARCHIVE_COLUMNS));

export interface ArchiveLine extends LogLine {
  /** The same object for the same values, so that its bytes are found again. */
  readonly shared: SharedColumns;
  readonly submittedAt: number | null;
  readonly ref: string | null;
}

const START_BYTES = 1 << 20;
const COMMA = 0x2c;
const DAY_MS = 24 * 60 * 60 * 1_000;
/** Id, three times, parts, price and the line end, all plain. */
const PLAIN_BYTES = 256;
/** Texts that are remembered in their encoded form. */
const REMEMBERED_MAX = 10_000;

const cells = (...fields: readonly string[]): Uint8Array => encoder.encode(`${rawCsvLine(fields).slice(0, -2)},`);

/** Encoded cells by their text. */
class Remembered {
  readonly #known = new Map<string, Uint8Array>();

  of(text: string): Uint8Array {
    const known = this.#known.get(text);
    if (known) return known;
    const made = cells(text);
    if (this.#known.size >= REMEMBERED_MAX) this.#known.clear();
    this.#known.set(text, made);
    return made;
  }
}

export class ArchiveLines {
  readonly #shared = new Map<SharedColumns, Uint8Array>();
  readonly #classes = new Map<LineClass, { country: Uint8Array; price: Uint8Array }>();
  readonly #texts = new Remembered();
  #buffer = new Uint8Array(START_BYTES);
  #end = 0;
  #day = Number.NaN;
  /** `2026-11-23T` */
  #date: Uint8Array = new Uint8Array();

  /** Bytes so far. */
  get length(): number {
    return this.#end;
  }

  add(line: ArchiveLine): void {
    const { lineClass, from, state, error, network, ref, body } = line;
    const { country, price } = this.#classOf(lineClass);
    const shared = this.#sharedOf(line.shared);
    const origin = this.#texts.of(from);
    const cause = this.#texts.of(error ?? '');
    const way = this.#texts.of(network ?? '');
    const fixed = shared.length + country.length + price.length + origin.length + cause.length + way.length;
    // A character takes three bytes at most, one that is quoted two, and a cell two quotes.
    this.#makeRoom(fixed + PLAIN_BYTES + (ref === null ? 0 : ref.length * 4) + body.length * 4);
    this.#plain(line.id);
    this.#time(line.receivedAt);
    this.#time(line.submittedAt);
    this.#time(line.finalAt);
    this.#copy(country);
    this.#copy(origin);
    this.#plain(line.to);
    this.#plain(state);
    this.#copy(cause);
    this.#copy(way);
    this.#copy(price);
    this.#copy(shared);
    if (ref !== null) this.#end = writeCell(ref, this.#buffer, this.#end);
    this.#buffer[this.#end++] = COMMA;
    this.#end = writeCell(body, this.#buffer, this.#end);
    this.#buffer[this.#end++] = 0x0d;
    this.#buffer[this.#end++] = 0x0a;
  }

  /** The lines so far, good until the next `add`: the buffer is used again. */
  take(): Uint8Array {
    const bytes = this.#buffer.subarray(0, this.#end);
    this.#end = 0;
    return bytes;
  }

  #makeRoom(bytes: number): void {
    if (this.#end + bytes <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(this.#buffer.length * 2, this.#end + bytes));
    larger.set(this.#buffer.subarray(0, this.#end));
    this.#buffer = larger;
  }

  #copy(bytes: Uint8Array): void {
    this.#buffer.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  /** Characters that need neither quotes nor an encoder, and a comma. */
  #plain(text: string): void {
    const buffer = this.#buffer;
    let end = this.#end;
    for (let at = 0; at < text.length; at++) buffer[end++] = text.charCodeAt(at);
    buffer[end++] = COMMA;
    this.#end = end;
  }

  /** Digits by arithmetic: a text for each of three times a row cost more than all else. */
  #time(at: number | null): void {
    if (at === null) {
      this.#buffer[this.#end++] = COMMA;
      return;
    }
    const day = Math.floor(at / DAY_MS);
    if (day !== this.#day) {
      this.#day = day;
      this.#date = encoder.encode(new Date(day * DAY_MS).toISOString().slice(0, 11));
    }
    this.#copy(this.#date);
    let rest = at - day * DAY_MS;
    const thousandths = rest % 1_000;
    rest = (rest - thousandths) / 1_000;
    const seconds = rest % 60;
    rest = (rest - seconds) / 60;
    const minutes = rest % 60;
    this.#two((rest - minutes) / 60, 0x3a);
    this.#two(minutes, 0x3a);
    this.#two(seconds, 0x2e);
    const hundredths = thousandths % 100;
    this.#buffer[this.#end++] = 48 + (thousandths - hundredths) / 100;
    this.#two(hundredths, 0x5a);
    this.#buffer[this.#end++] = COMMA;
  }

  /** Two digits and what follows them. */
  #two(value: number, then: number): void {
    const low = value % 10;
    this.#buffer[this.#end++] = 48 + (value - low) / 10;
    this.#buffer[this.#end++] = 48 + low;
    this.#buffer[this.#end++] = then;
  }

  #sharedOf(shared: SharedColumns): Uint8Array {
    let bytes = this.#shared.get(shared);
    if (!bytes) {
      const { kind, key, task, taskName } = shared;
      bytes = cells(kind, key, task ?? '', taskName ?? '');
      if (this.#shared.size >= REMEMBERED_MAX) this.#shared.clear();
      this.#shared.set(shared, bytes);
    }
    return bytes;
  }

  #classOf(lineClass: LineClass): { country: Uint8Array; price: Uint8Array } {
    let bytes = this.#classes.get(lineClass);
    if (!bytes) {
      const { country, parts, price } = lineClass;
      bytes = { country: cells(country), price: cells(String(parts), decimalMoney(price)) };
      this.#classes.set(lineClass, bytes);
    }
    return bytes;
  }
}
