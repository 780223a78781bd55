/** The rows of one unpacked member that match, with what late receipts changed. */
import type { LogFilter } from '../../schema/console';
import type { ArchiveMember, RowPatch } from '../../schema/protocol/archive';
import type { LogRow } from '../../schema/protocol/message-shard';
import { senderCell } from './archive-cells';
import { ArchiveFilter } from './archive-filter';
import { patchedRow, type ArchiveRowReader } from './archive-rows';
import { ArchiveScan } from './archive-scan';
import { filterWithin } from './archive-members';
import type { Patches } from './archive-patches';
import { giveBack } from './given-back';
import { matchesLogFilter } from './log-filter';

const isEmpty = (filter: LogFilter): boolean => Object.keys(filter).length === 0;

export class MemberRows {
  readonly scan: ArchiveScan;
  readonly member: ArchiveMember;
  readonly #filter: LogFilter;
  readonly #patches: ReadonlyMap<number, RowPatch>;
  readonly #reader: ArchiveRowReader;
  /** The row at which it stands, where that is not what the file says. */
  changed: LogRow | null = null;

  constructor(plain: Uint8Array, member: ArchiveMember, filter: LogFilter, patches: Patches, reader: ArchiveRowReader) {
    const own = filterWithin(member, filter);
    this.member = member;
    this.#filter = filter;
    const changed = patches.of(member);
    this.#patches = new Map(changed.map((patch) => [patch.row, patch]));
    this.#reader = reader;
    this.scan = new ArchiveScan(
      plain,
      member,
      isEmpty(own) ? null : new ArchiveFilter(own),
      changed.map(({ row }) => row),
    );
  }

  /** Goes on to the next row that matches as it is now. @returns false when there is none */
  next(): boolean {
    while (this.scan.next()) {
      const patch = this.#patches.size === 0 ? undefined : this.#patches.get(this.scan.row);
      this.changed = patch ? patchedRow(this.#reader.read(this.scan), patch) : null;
      if (this.changed === null || matchesLogFilter(this.changed, this.#filter)) return true;
    }
    return false;
  }

  /** Nothing is read after it. */
  close(): void {
    giveBack(this.scan.bytes);
  }

  read(): LogRow {
    return this.changed ?? this.#reader.read(this.scan);
  }

  /** The newest rows below row number `before`, newest first. */
  newest(before: number, limit: number): LogRow[] {
    const starts: (number | LogRow)[] = [];
    const ends: number[] = [];
    while (this.next() && this.scan.row < before) {
      starts.push(this.changed ?? this.scan.start);
      ends.push(this.scan.endFrom(senderCell(this.scan.country)));
    }
    const rows: LogRow[] = [];
    for (let at = starts.length - 1; at >= 0 && rows.length < limit; at -= 1) {
      const start = starts[at] ?? 0;
      rows.push(typeof start === 'number' ? this.#reader.readAt(this.scan.bytes, start, ends[at] ?? 0) : start);
    }
    return rows;
  }
}
