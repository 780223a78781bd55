/** A sealed shard as a segment of the log: its archive file, read member by member. */
import type { LogFilter } from '../../schema/console';
import type { ArchiveMember } from '../../schema/protocol/archive';
import type { LineFormat, LogRow } from '../../schema/protocol/message-shard';
import { ArchiveLogLines } from '../rules/archive-log-lines';
import type { MemberRows } from '../rules/archive-member-rows';
import type { ArchivedShard } from './archived-shard';
import type { LogSegment, SegmentPlace } from './search-source';
import { belowPosition } from './segment-filter';

/** A batch of lines is handed on when it has grown to this: bodies of 3,200 characters fill it with few rows. */
const BYTES_MAX = 8 * 1024 * 1024;
/** As many characters, of a batch of rows. */
const TEXT_MAX = 4 * 1024 * 1024;

/** One writer of lines for all segments that are read together: each of its own would leave megabytes behind it. */
export class SharedWriter {
  #format: LineFormat | null = null;
  #writer: ArchiveLogLines | null = null;

  of(format: LineFormat): ArchiveLogLines {
    if (!this.#writer || this.#format !== format) this.#writer = new ArchiveLogLines(format);
    this.#format = format;
    return this.#writer;
  }
}

/** @param filter what the rows themselves must match; what chooses shards has been asked */
export function archiveSegment(shard: ArchivedShard, place: SegmentPlace, filter: LogFilter, shared: SharedWriter): LogSegment {
  const walk = new ForwardWalk(shard, filter);
  return {
    ...place,
    async page(before, limit) {
      const own = belowPosition(filter, place.shard, before);
      return await shard.newest(own, before?.shard === place.shard ? before.row : Infinity, limit);
    },
    async rows(after, maxRows) {
      const found: LogRow[] = [];
      let text = 0;
      const next = await walk.take(after, maxRows, (at) => {
        const row = at.read();
        found.push(row);
        text += row.body.length;
        return text < TEXT_MAX;
      });
      return { rows: found, next };
    },
    async lines(after, maxRows, format) {
      const writer = shared.of(format);
      let rows = 0;
      const next = await walk.take(after, maxRows, (at) => {
        if (at.changed) writer.addRow(at.changed);
        else writer.add(at.scan);
        rows += 1;
        return writer.length < BYTES_MAX;
      });
      return { bytes: writer.take(), isOwn: false, rows, next };
    },
    async rowsAtMost() {
      if (place.likelyRows !== null && filter.to === undefined) return place.likelyRows;
      return (await shard.membersFor(filter)).reduce((sum, { rowsAtMost }) => sum + rowsAtMost, 0);
    },
  };
}

/** From the oldest row on, a batch a call, none larger than a member. A call that goes on where the last one stopped finds it unpacked. */
class ForwardWalk {
  readonly #shard: ArchivedShard;
  readonly #filter: LogFilter;
  #members: readonly ArchiveMember[] | null = null;
  #open: { readonly rows: MemberRows; readonly reached: number } | null = null;

  constructor(shard: ArchivedShard, filter: LogFilter) {
    this.#shard = shard;
    this.#filter = filter;
  }

  /**
   * @param after row number below the first row of interest
   * @param take told of each row; false = no more now
   * @returns where to go on; null at the end of the file
   */
  async take(after: number, maxRows: number, take: (rows: MemberRows) => boolean): Promise<number | null> {
    this.#members ??= (await this.#shard.membersFor(this.#filter)).map(({ member }) => member);
    const left = this.#members.filter(({ firstRow, rows }) => firstRow + rows - 1 > after);
    const [member, ...following] = left;
    if (!member) return null;
    const open = this.#open?.reached === after && this.#open.rows.member.firstRow === member.firstRow ? this.#open : null;
    const rows = open?.rows ?? (await this.#unpack(member, after, following));
    this.#open = null;
    let taken = 0;
    while (taken < maxRows && rows.next()) {
      taken += 1;
      if (take(rows)) continue;
      taken = maxRows;
    }
    if (taken >= maxRows) {
      this.#open = { rows, reached: rows.scan.row };
      return rows.scan.row;
    }
    rows.close();
    return following.length > 0 ? member.firstRow + member.rows - 1 : null;
  }

  async #unpack(member: ArchiveMember, after: number, following: readonly ArchiveMember[]): Promise<MemberRows> {
    const rows = await this.#shard.rowsOf(member, this.#filter, following);
    rows.scan.skipTo(after);
    return rows;
  }
}
