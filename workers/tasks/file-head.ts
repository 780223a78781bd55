/** What the first bytes of a file tell: what it is, its encoding, its delimiter, its columns. Pure. */
import { AppError } from '../../schema/errors';
import { COLUMNS_MAX, LINE_MAX_BYTES } from '../../schema/limits';
import { detectDelimiter, parseCsv } from '../rules/csv';
import { parsePhone } from '../rules/phone';
import { detectEncoding, looksBinary, type DetectedEncoding } from '../rules/text-encoding';

/** Enough for the longest first line. */
export const HEAD_BYTES = LINE_MAX_BYTES + 1024;

export type FileKind = 'gzip' | 'zip' | 'utf-16' | 'text';

const startsWith = (head: Uint8Array, magic: readonly number[]): boolean => magic.every((byte, at) => head[at] === byte);
const ZIP_MAGIC = [0x50, 0x4b, 0x03, 0x04];
const GZIP_MAGIC = [0x1f, 0x8b];

/** By its content; what the file is called does not matter here. */
export function kindOf(head: Uint8Array): FileKind {
  if (startsWith(head, GZIP_MAGIC)) return 'gzip';
  if (startsWith(head, ZIP_MAGIC)) return 'zip';
  return detectEncoding(head).encoding.startsWith('utf-16') ? 'utf-16' : 'text';
}

/** A file that says it is something must be it: the clearest thing to tell its owner. @throws AppError file_not_gzip, file_not_xlsx */
export function refuseDisguise(fileName: string, kind: FileKind, inner: FileKind | null): void {
  const packed = /\.gz$/i.test(fileName);
  if (packed && kind !== 'gzip') throw new AppError('file_not_gzip');
  const content = packed ? inner : kind;
  if (content !== null && content !== 'zip' && /\.xlsx(?:\.gz)?$/i.test(fileName)) throw new AppError('file_not_xlsx');
}

const decodeHead = (head: Uint8Array, { encoding, bomLength }: DetectedEncoding): string =>
  new TextDecoder(encoding, { fatal: false, ignoreBOM: true }).decode(head.subarray(bomLength), { stream: true });

/** @throws AppError file_binary */
export function delimiterOf(head: Uint8Array, detected: DetectedEncoding): string {
  if (looksBinary(head.subarray(detected.bomLength), detected.encoding)) throw new AppError('file_binary');
  return detectDelimiter(decodeHead(head, detected));
}

export interface FileColumns {
  readonly columns: readonly string[];
  readonly hasHeader: boolean;
}

export const isBlank = (cells: readonly string[]): boolean => cells.every((cell) => cell.trim() === '');

/**
 * Columns by the names of the first row that is not blank, or by their position ("1", "2" …) when that row already holds a number.
 * @throws AppError file_empty when there is no such row
 */
export function columnsOf(head: Uint8Array, detected: DetectedEncoding, delimiter: string): FileColumns {
  const first = parseCsv(decodeHead(head, detected), delimiter).find((row) => !isBlank(row));
  if (first === undefined) throw new AppError('file_empty');
  const phone = parsePhone(first[0] ?? '');
  // A number that is merely wrong is a row; only what is no number at all is a title.
  const hasHeader = !phone.valid && phone.reason === 'not_a_number';
  const named = first.slice(0, COLUMNS_MAX).map((name, at) => (hasHeader && name.trim() !== '' ? name.trim() : String(at + 1)));
  return { columns: named, hasHeader };
}
