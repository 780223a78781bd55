/** What the first bytes of a file tell: its encoding, its delimiter, its columns. Pure. */
import { AppError } from '../../schema/errors';
import { COLUMNS_MAX, LINE_MAX_BYTES } from '../../schema/limits';
import { detectDelimiter, parseCsv } from '../rules/csv';
import { parsePhone } from '../rules/phone';
import { looksBinary, type DetectedEncoding } from '../rules/text-encoding';

/** Enough for the longest first line. */
export const HEAD_BYTES = LINE_MAX_BYTES + 1024;

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

/** Columns by the names of the first row, or by their position ("1", "2" …) when the first row already holds a number. */
export function columnsOf(head: Uint8Array, detected: DetectedEncoding, delimiter: string): FileColumns {
  const first = parseCsv(decodeHead(head, detected), delimiter)[0] ?? [];
  const phone = parsePhone(first[0] ?? '');
  // A number that is merely wrong is a row; only what is no number at all is a title.
  const hasHeader = !phone.valid && phone.reason === 'not_a_number';
  const named = first.slice(0, COLUMNS_MAX).map((name, at) => (hasHeader && name.trim() !== '' ? name.trim() : String(at + 1)));
  return { columns: named, hasHeader };
}
