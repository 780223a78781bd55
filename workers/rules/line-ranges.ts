/**
 * Cuts a file into byte ranges at line ends, fed with its bytes in order, window by window, of any size. Between windows the state is a
 * plain object: put it into a checkpoint and go on from `position` after a crash.
 *
 * The grammar is that of csv.ts (a quote opens only at the start of a field; `\n`, `\r\n` and a lone `\r` end a line outside quotes), on bytes
 * of UTF-8 or GB18030: in neither does a byte of a longer character look like a comma, a semicolon, a tab, a quote or a line end. (In GB18030
 * one can look like `|`; it does harm only in front of a quote.)
 */
import { LINE_MAX_BYTES, RANGE_BYTES } from '../../schema/limits';
import type { Delimiter } from './csv';

export interface LineRange {
  /** First byte. */
  readonly start: number;
  /** Byte behind the last line end. */
  readonly end: number;
  /** Number of the first line in the file, from 1; a quoted line break does not count. */
  readonly firstLine: number;
  readonly lines: number;
}

type Quoting = 'outside' | 'inside' | 'after_quote';

export interface LineScan {
  readonly delimiter: Delimiter;
  readonly targetBytes: number;
  readonly maxLineBytes: number;
  /** Bytes seen: where the next window begins. */
  readonly position: number;
  readonly quoting: Quoting;
  /** The last byte was a `\r` that ends a line; a `\n` that follows belongs to it. */
  readonly pendingCr: boolean;
  readonly lastByte: number;
  readonly lineStart: number;
  readonly rangeStart: number;
  /** Lines in the ranges that are done. */
  readonly linesDone: number;
  /** Lines of the open range. */
  readonly linesOpen: number;
}

export type ScanOutcome = { ok: true; scan: LineScan; ranges: LineRange[] } | { ok: false; error: 'line_too_long'; line: number };

/** @param start bytes to skip at the beginning of the file: its byte order mark. */
export function startLineScan(
  delimiter: Delimiter,
  {
    start = 0,
    targetBytes = RANGE_BYTES,
    maxLineBytes = LINE_MAX_BYTES,
  }: { start?: number; targetBytes?: number; maxLineBytes?: number } = {},
): LineScan {
  return {
    delimiter,
    targetBytes,
    maxLineBytes,
    position: start,
    quoting: 'outside',
    pendingCr: false,
    lastByte: 0,
    lineStart: start,
    rangeStart: start,
    linesDone: 0,
    linesOpen: 0,
  };
}

const QUOTE = 0x22;
const CR = 0x0d;
const LF = 0x0a;

/** The state while bytes are being read; one is made per window. */
class Cutter {
  readonly ranges: LineRange[] = [];
  lineStart: number;
  rangeStart: number;
  linesDone: number;
  linesOpen: number;
  readonly #targetBytes: number;
  readonly #maxLineBytes: number;

  constructor(scan: LineScan) {
    this.lineStart = scan.lineStart;
    this.rangeStart = scan.rangeStart;
    this.linesDone = scan.linesDone;
    this.linesOpen = scan.linesOpen;
    this.#targetBytes = scan.targetBytes;
    this.#maxLineBytes = scan.maxLineBytes;
  }

  /** @returns whether the line that reaches to `end` is too long. */
  tooLong(end: number): boolean {
    return end - this.lineStart > this.#maxLineBytes;
  }

  /** Number of the line being read, from 1. */
  get line(): number {
    return this.linesDone + this.linesOpen + 1;
  }

  endLine(end: number): void {
    this.lineStart = end;
    this.linesOpen++;
    if (end - this.rangeStart >= this.#targetBytes) this.endRange(end);
  }

  endRange(end: number): void {
    this.ranges.push({ start: this.rangeStart, end, firstLine: this.linesDone + 1, lines: this.linesOpen });
    this.linesDone += this.linesOpen;
    this.linesOpen = 0;
    this.rangeStart = end;
  }
}

/** Reads the next bytes of the file. `scan` is not changed: on a failure the caller can feed the same window again. */
export function scanLines(scan: LineScan, window: Uint8Array): ScanOutcome {
  const cutter = new Cutter(scan);
  const base = scan.position;
  const length = window.length;
  const delimiter = scan.delimiter.charCodeAt(0);
  const tooLong = (): ScanOutcome => ({ ok: false, error: 'line_too_long', line: cutter.line });
  if (length === 0) return { ok: true, scan, ranges: [] };
  let quoting = scan.quoting;
  let pendingCr = false;
  let at = 0;
  if (scan.pendingCr) {
    if (window[0] === LF) at = 1;
    cutter.endLine(base + at);
  }
  while (at < length) {
    if (quoting === 'inside') {
      const quote = window.indexOf(QUOTE, at);
      at = quote < 0 ? length : quote + 1;
      if (quote >= 0) quoting = 'after_quote';
      if (cutter.tooLong(base + at)) return tooLong();
      continue;
    }
    const byte = window[at] ?? 0;
    if (quoting === 'after_quote') {
      quoting = byte === QUOTE ? 'inside' : 'outside';
      if (byte === QUOTE) at++;
      continue;
    }
    at++;
    // Digits, letters, commas and everything beyond ASCII take this way: nothing to decide.
    if (byte > QUOTE) continue;
    if (byte === QUOTE) {
      const before = at > 1 ? window[at - 2] : scan.lastByte;
      if (base + at - 1 === cutter.lineStart || before === delimiter) quoting = 'inside';
    } else if (byte === LF || byte === CR) {
      if (byte === CR) {
        if (at === length) {
          pendingCr = true;
          break;
        }
        if (window[at] === LF) at++;
      }
      if (cutter.tooLong(base + at)) return tooLong();
      cutter.endLine(base + at);
    }
  }
  if (cutter.tooLong(base + length)) return tooLong();
  const { lineStart, rangeStart, linesDone, linesOpen, ranges } = cutter;
  const next = {
    ...scan,
    position: base + length,
    quoting,
    pendingCr,
    lastByte: window[length - 1] ?? 0,
    lineStart,
    rangeStart,
    linesDone,
    linesOpen,
  };
  return { ok: true, scan: next, ranges };
}

/** After the last window: the range that is still open, with its last line whether it has a line end or not. */
export function finishLineScan(scan: LineScan): { ranges: LineRange[]; lines: number } {
  const cutter = new Cutter(scan);
  if (scan.pendingCr || scan.position > scan.lineStart) cutter.endLine(scan.position);
  if (cutter.linesOpen > 0) cutter.endRange(scan.position);
  return { ranges: cutter.ranges, lines: cutter.linesDone };
}
