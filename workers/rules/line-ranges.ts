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

/**
 * Reads the next bytes of the file. `scan` is not changed, so the caller can feed a window again.
 * A line that is too long is found while it is still being read; only its number is told.
 */
export function scanLines(scan: LineScan, window: Uint8Array): ScanOutcome {
  const { length } = window;
  if (length === 0) return { ok: true, scan, ranges: [] };
  const base = scan.position;
  const delimiter = scan.delimiter.charCodeAt(0);
  const ranges: LineRange[] = [];
  let { quoting, linesDone, linesOpen } = scan;
  let pendingCr = false;
  // All places are counted from the start of the window, so that they stay small integers in a file of many gigabytes.
  let lineStart = scan.lineStart - base;
  let rangeStart = scan.rangeStart - base;
  let at = 0;

  /** The line that begins at lineStart ends before `at`. */
  const endRange = (): void => {
    ranges.push({ start: base + rangeStart, end: base + at, firstLine: linesDone + 1, lines: linesOpen });
    linesDone += linesOpen;
    linesOpen = 0;
    rangeStart = at;
  };
  const tooLong = (): ScanOutcome => ({ ok: false, error: 'line_too_long', line: linesDone + linesOpen + 1 });

  if (scan.pendingCr) {
    if (window[0] === LF) at = 1;
    lineStart = at;
    linesOpen++;
    if (at - rangeStart >= scan.targetBytes) endRange();
  }
  while (at < length) {
    if (quoting === 'inside') {
      const quote = window.indexOf(QUOTE, at);
      at = quote < 0 ? length : quote + 1;
      if (quote >= 0) quoting = 'after_quote';
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
    if (byte === LF || byte === CR) {
      if (byte === CR) {
        if (at === length) {
          pendingCr = true;
          break;
        }
        if (window[at] === LF) at++;
      }
      if (at - lineStart > scan.maxLineBytes) return tooLong();
      lineStart = at;
      linesOpen++;
      if (at - rangeStart >= scan.targetBytes) endRange();
    } else if (byte === QUOTE) {
      const before = at > 1 ? window[at - 2] : scan.lastByte;
      if (at - 1 === lineStart || before === delimiter) quoting = 'inside';
    }
  }
  if (length - lineStart > scan.maxLineBytes) return tooLong();
  return {
    ok: true,
    scan: {
      ...scan,
      position: base + length,
      quoting,
      pendingCr,
      lastByte: window[length - 1] ?? 0,
      lineStart: base + lineStart,
      rangeStart: base + rangeStart,
      linesDone,
      linesOpen,
    },
    ranges,
  };
}

/** After the last window: the range that is still open, with its last line whether it has a line end or not. */
export function finishLineScan(scan: LineScan): { ranges: LineRange[]; lines: number } {
  const linesOpen = scan.linesOpen + (scan.pendingCr || scan.position > scan.lineStart ? 1 : 0);
  const open = { start: scan.rangeStart, end: scan.position, firstLine: scan.linesDone + 1, lines: linesOpen };
  return { ranges: linesOpen > 0 ? [open] : [], lines: scan.linesDone + linesOpen };
}
