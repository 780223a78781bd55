/**
 * Cells that a spreadsheet would run when it opens our file (OWASP "CSV Injection"): a leading `=`, `+`, `-`, `@`, their full-width forms, a tab,
 * a line end or another control character. They get an apostrophe in front, which Excel takes for "this is text".
 *
 * Plain negative numbers (`-12.50`) are left alone: they can run nothing, and sums must stay sums. `+8613800138000` is not left alone: our own
 * files write numbers without the plus, so such a cell is a user's text, and parsePhone reads it back with its apostrophe.
 */
const PLAIN_NEGATIVE = /^-\d+(?:\.\d+)?$/;
const MINUS = 0x2d;
const SPACE = 0x20;
const DELETE = 0x7f;

/** First characters that start a formula, by their code; the full-width ones are compared apart. */
const TRIGGERS = new Uint8Array(128);
TRIGGERS.fill(1, 0, SPACE);
for (const character of '=+-@') TRIGGERS[character.charCodeAt(0)] = 1;
TRIGGERS[DELETE] = 1;
const FULL_WIDTH_TRIGGERS = '＝＋－＠';

export function needsNeutralising(cell: string): boolean {
  if (cell === '') return false;
  const first = cell.charCodeAt(0);
  if (first >= 0x80) return FULL_WIDTH_TRIGGERS.includes(cell.charAt(0));
  return TRIGGERS[first] === 1 && !(first === MINUS && PLAIN_NEGATIVE.test(cell));
}

export const neutralise = (cell: string): string => (needsNeutralising(cell) ? `'${cell}` : cell);
