/** Late changes brought into the rows of an archive file. Pure. */
import type { Iso2 } from '../../schema/ids';
import type { FileTally, MemberTally, RowPatch } from '../../schema/protocol/archive';
import { isFreeState, type MessageState } from '../../schema/states';
import { ARCHIVE_COLUMNS } from './archive-lines';
import { parseCsv, rawCsvLine } from './csv';
import { parseMoney } from './money';

type Column = (typeof ARCHIVE_COLUMNS)[number];
const column = (name: Column): number => ARCHIVE_COLUMNS.indexOf(name);
const [FINAL_AT, STATUS, ERROR, NETWORK, COUNTRY, PARTS, PRICE] = (
  ['final_at', 'status', 'error', 'network', 'country', 'parts', 'price'] as const
).map(column) as [number, number, number, number, number, number, number];

export interface PatchedRows {
  readonly plain: Uint8Array;
  /** What moved from state to state: negative counts where it left. */
  readonly moved: readonly FileTally[];
}

/**
 * @param plain a member's csv, with the header if it is the first of its file
 * @param firstRow number of its first row
 */
export function patchRows(plain: Uint8Array, firstRow: number, patches: readonly RowPatch[]): PatchedRows {
  const lines = parseCsv(new TextDecoder().decode(plain), ',');
  const header = lines[0]?.[0] === ARCHIVE_COLUMNS[0] ? 1 : 0;
  const moved: FileTally[] = [];
  for (const { row, state, error, network, finalAt } of patches) {
    const cells = lines[header + row - firstRow];
    if (!cells) throw new RangeError('a patch names a row that the member does not hold');
    const before = cells[STATUS] as MessageState;
    cells[STATUS] = state;
    cells[ERROR] = error ?? '';
    cells[NETWORK] = network ?? '';
    cells[FINAL_AT] = finalAt === null ? '' : new Date(finalAt).toISOString();
    if (before === state) continue;
    const country = cells[COUNTRY] as Iso2;
    const parts = Number(cells[PARTS]);
    const price = parseMoney(cells[PRICE] ?? '') ?? 0;
    moved.push([country, before, -1, -parts, isFreeState(before) ? 0 : -price], [country, state, 1, parts, isFreeState(state) ? 0 : price]);
  }
  return { plain: new TextEncoder().encode(lines.map(rawCsvLine).join('')), moved };
}

/** The tally after rows have moved; what came to nothing is gone. */
export function movedTally(tally: readonly FileTally[], moved: readonly FileTally[]): FileTally[] {
  const sums = new Map<string, [Iso2, MessageState, number, number, number]>();
  for (const [country, state, messages, parts, costMicros] of [...tally, ...moved]) {
    const name = `${country} ${state}`;
    let sum = sums.get(name);
    if (!sum) sums.set(name, (sum = [country, state, 0, 0, 0]));
    sum[2] += messages;
    sum[3] += parts;
    sum[4] += costMicros;
  }
  return [...sums.values()].filter(([, , messages]) => messages > 0);
}

export const movedMemberTally = (tally: readonly MemberTally[], moved: readonly FileTally[]): MemberTally[] =>
  movedTally(
    tally.map(([country, state, messages]) => [country, state, messages, 0, 0]),
    moved,
  ).map(([country, state, messages]) => [country, state, messages]);
