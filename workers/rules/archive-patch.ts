/** Late changes brought into the rows of an archive file, and into what its index says of them. Pure. */
import { OTHER_SENDERS } from '../../schema/limits';
import type { Iso2 } from '../../schema/ids';
import type { ArchiveCell, RowPatch } from '../../schema/protocol/archive';
import type { MessageState } from '../../schema/states';
import { ARCHIVE_COLUMNS } from './archive-lines';
import { messagesIn } from './archive-tally';
import { parseCsv, rawCsvLine } from './csv';

type Column = (typeof ARCHIVE_COLUMNS)[number];
const column = (name: Column): number => ARCHIVE_COLUMNS.indexOf(name);
const [FINAL_AT, STATUS, ERROR, NETWORK, COUNTRY, SENDER] = (['final_at', 'status', 'error', 'network', 'country', 'from'] as const).map(
  column,
) as [number, number, number, number, number, number];

/** A row that is in another state now. */
export interface MovedRow {
  readonly country: Iso2;
  readonly sender: string;
  readonly before: MessageState;
  readonly state: MessageState;
}

export interface PatchedRows {
  readonly plain: Uint8Array;
  readonly moved: readonly MovedRow[];
}

/**
 * @param plain a member's csv, with the header if it is the first of its file
 * @param firstRow number of its first row
 */
export function patchRows(plain: Uint8Array, firstRow: number, patches: readonly RowPatch[]): PatchedRows {
  const lines = parseCsv(new TextDecoder().decode(plain), ',');
  const header = lines[0]?.[0] === ARCHIVE_COLUMNS[0] ? 1 : 0;
  const moved: MovedRow[] = [];
  for (const { row, state, error, network, finalAt } of patches) {
    const cells = lines[header + row - firstRow];
    if (!cells) throw new RangeError('a patch names a row that the member does not hold');
    const before = cells[STATUS] as MessageState;
    cells[STATUS] = state;
    cells[ERROR] = error ?? '';
    cells[NETWORK] = network ?? '';
    cells[FINAL_AT] = finalAt === null ? '' : new Date(finalAt).toISOString();
    if (before !== state) moved.push({ country: cells[COUNTRY] as Iso2, sender: cells[SENDER] ?? '', before, state });
  }
  return { plain: new TextEncoder().encode(lines.map(rawCsvLine).join('')), moved };
}

type Counts = Map<number, number>;

/** The cells of a file after rows of its members have moved. A cell that nothing is left of stays, empty: its row in D1 is written over. */
export class MovedCells {
  readonly #cells = new Map<string, { readonly cell: Omit<ArchiveCell, 'messages' | 'members'>; readonly counts: Counts }>();
  readonly #senders = new Set<string>();

  constructor(cells: readonly ArchiveCell[]) {
    for (const { country, state, sender, members } of cells) {
      const counts: Counts = new Map();
      for (let at = 0; at + 1 < members.length; at += 2) counts.set(members[at] ?? 0, members[at + 1] ?? 0);
      this.#cells.set(`${country} ${state} ${sender}`, { cell: { country, state, sender }, counts });
      this.#senders.add(sender);
    }
  }

  move(member: number, { country, sender, before, state }: MovedRow): void {
    const known = this.#senders.has(sender) ? sender : OTHER_SENDERS;
    this.#add(member, { country, sender: known, state: before }, -1);
    this.#add(member, { country, sender: known, state }, 1);
  }

  #add(member: number, cell: Omit<ArchiveCell, 'messages' | 'members'>, messages: number): void {
    const name = `${cell.country} ${cell.state} ${cell.sender}`;
    let found = this.#cells.get(name);
    if (!found) this.#cells.set(name, (found = { cell, counts: new Map<number, number>() }));
    found.counts.set(member, (found.counts.get(member) ?? 0) + messages);
  }

  all(): ArchiveCell[] {
    return [...this.#cells.values()].map(({ cell, counts }) => {
      const members = [...counts].filter(([, messages]) => messages > 0).sort(([a], [b]) => a - b);
      const flat = members.flat();
      return { ...cell, messages: messagesIn(flat), members: flat };
    });
  }
}
