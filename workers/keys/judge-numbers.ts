/** The numbers of one piece of a file: those to add, and the lines that are no numbers. Pure. */
import { IMPORT_REFUSED_NAMED } from '../../schema/limits';
import type { SourceFile } from '../../schema/protocol/task-run';
import type { RefusedLine } from '../../schema/tables';
import { parseCsv } from '../rules/csv';
import { parsePhone } from '../rules/phone';
import { decodeStrict } from '../rules/text-encoding';
import { isBlank } from '../tasks/file-head';

/** Enough of a line to recognise it. */
const VALUE_MAX = 60;

interface JudgedNumbers {
  /** JSON array text, without repeats. */
  readonly recipientsJson: string;
  /** That are not blank. */
  readonly lines: number;
  readonly refused: number;
  /** The first ones of the file. */
  readonly named: readonly RefusedLine[];
}

/**
 * @param firstLine number of the piece's first line in the file, from 1
 * @param hasTitle its first line that is not blank names the columns
 * @param namedBefore those of the pieces before
 */
export function judgeNumbers(
  bytes: Uint8Array,
  { encoding, delimiter }: Pick<SourceFile, 'encoding' | 'delimiter'>,
  firstLine: number,
  hasTitle: boolean,
  namedBefore: readonly RefusedLine[],
): JudgedNumbers {
  // What is text in no encoding keeps its line ends and digits; the lines that were hit are refused one by one.
  const text = decodeStrict(bytes, encoding)?.text ?? new TextDecoder(encoding, { fatal: false, ignoreBOM: true }).decode(bytes);
  const rows = parseCsv(text, delimiter);
  const recipients = new Set<string>();
  const named = [...namedBefore];
  let lines = 0;
  let refused = 0;
  for (let at = hasTitle ? rows.findIndex((row) => !isBlank(row)) + 1 : 0; at < rows.length; at++) {
    const cells = rows[at] ?? [];
    if (isBlank(cells)) continue;
    lines++;
    const value = cells[0] ?? '';
    const phone = parsePhone(value);
    if (phone.valid) recipients.add(phone.digits);
    else {
      refused++;
      if (named.length < IMPORT_REFUSED_NAMED) named.push({ line: firstLine + at, value: value.slice(0, VALUE_MAX), reason: phone.reason });
    }
  }
  return { recipientsJson: `[${[...recipients].join(',')}]`, lines, refused, named };
}
