/**
 * A sealed shard as readers see it: its file, the index of that file, and what changed since. Each is read when it is first asked for. A
 * file that was replaced meanwhile (late receipts were folded in) is looked for again.
 */
import type { LogFilter } from '../../schema/console';
import type { ShardNumber, TenantId } from '../../schema/ids';
import type { ArchiveMember } from '../../schema/protocol/archive';
import type { LogRow } from '../../schema/protocol/message-shard';
import type { Gateways } from '../gateways';
import { ArchiveFileGone, membersWithNumber, readPackedMember, unpackMember } from '../gateways/archive-members';
import type { ArchivedRows } from '../gateways/stores/log-shards';
import { unpackMember as indexOf } from '../rules/archive-index';
import { memberMayHold } from '../rules/archive-members';
import { MemberRows, NO_PATCHES, patchedRowsOf, type Patches } from '../rules/archive-member-rows';
import { ArchiveRowReader } from '../rules/archive-rows';
import { ReadAhead } from './read-ahead';

export type ArchiveGateways = Pick<Gateways, 'tenant' | 'objects' | 'files'>;

/** A file changes once a night; that it changes again and again under one reader is a bug. */
const LOOKS = 3;
const ALL_ROWS = Number.MAX_SAFE_INTEGER;

/** One state of the file. */
interface OpenFile {
  readonly rows: ArchivedRows;
  readonly members: readonly ArchiveMember[];
  readonly patches: Patches;
  readonly ahead: ReadAhead;
}

export class ArchivedShard {
  readonly #gateways: ArchiveGateways;
  readonly #tenant: TenantId;
  readonly #shard: ShardNumber;
  readonly #reader = new ArchiveRowReader();
  #rows: ArchivedRows | null;
  #open: OpenFile | null = null;

  /** @param rows as D1 has them; null = not yet looked for */
  constructor(gateways: ArchiveGateways, tenant: TenantId, shard: ShardNumber, rows: ArchivedRows | null) {
    this.#gateways = gateways;
    this.#tenant = tenant;
    this.#shard = shard;
    this.#rows = rows;
  }

  /** @throws Error when the shard has no file */
  async rows(): Promise<ArchivedRows> {
    this.#rows ??= await this.#gateways.tenant(this.#tenant).logArchive.rows(this.#shard);
    if (!this.#rows) throw new Error('a sealed shard has no file');
    return this.#rows;
  }

  /** Members that can hold rows that match, ascending. */
  async membersFor(filter: LogFilter): Promise<readonly ArchiveMember[]> {
    return await this.#again(async () => {
      const { file, rows } = await this.rows();
      const hits = filter.to === undefined ? null : await membersWithNumber(this.#gateways.files, file, rows, filter.to);
      if (hits?.length === 0) return [];
      const { members, patches } = await this.#opened();
      const possible = hits === null ? members : hits.flatMap((number) => members[number] ?? []);
      return possible.filter((member) => memberMayHold(member, filter, patchedRowsOf(member, patches).length > 0));
    });
  }

  /**
   * The rows of a member that match, from its first one on.
   * @param next members that will be asked for after this one: they are read ahead
   */
  async rowsOf(member: ArchiveMember, filter: LogFilter, next?: readonly ArchiveMember[]): Promise<MemberRows> {
    return await this.#again(async () => {
      const { rows, members, patches, ahead } = await this.#opened();
      // Folding late receipts in moves bytes, never rows.
      const asItIs = (known: ArchiveMember): ArchiveMember => members.find(({ firstRow }) => firstRow === known.firstRow) ?? known;
      const now = asItIs(member);
      const { files } = this.#gateways;
      const packed = next === undefined ? await readPackedMember(files, rows.file, now) : await ahead.packed([now, ...next.map(asItIs)]);
      return new MemberRows(unpackMember(packed, now.plainBytes), now, filter, patches, this.#reader);
    });
  }

  /** One row by its number; null when there is no such row. */
  async row(number: number): Promise<LogRow | null> {
    const { members } = await this.#again(() => this.#opened());
    const member = members.find(({ firstRow, rows }) => number >= firstRow && number < firstRow + rows);
    if (!member) return null;
    const found = await this.rowsOf(member, {});
    found.scan.skipTo(number - 1);
    const row = found.next() ? found.read() : null;
    found.close();
    return row;
  }

  /** Does the work again with what D1 says now when the file under it is gone. */
  async #again<T>(work: () => Promise<T>): Promise<T> {
    for (let look = 1; ; look += 1) {
      try {
        return await work();
      } catch (thrown) {
        if (!(thrown instanceof ArchiveFileGone) || look === LOOKS) throw thrown;
        this.#rows = null;
        this.#open = null;
      }
    }
  }

  /** @throws ArchiveFileGone when D1 names another file than it did before */
  async #opened(): Promise<OpenFile> {
    if (this.#open) return this.#open;
    const rows = await this.rows();
    const packed = await this.#gateways.tenant(this.#tenant).logArchive.members(this.#shard, rows.file);
    if (!packed) throw new ArchiveFileGone();
    const patches = await this.#patches(rows);
    this.#open = { rows, members: packed.map(indexOf), patches, ahead: new ReadAhead(this.#gateways.files, rows.file) };
    return this.#open;
  }

  /** @throws ArchiveFileGone when the shard keeps fewer than D1 said: they have been folded into a newer file */
  async #patches({ patches }: ArchivedRows): Promise<Patches> {
    if (patches === 0) return NO_PATCHES;
    const found = await this.#gateways.objects.shard(this.#shard).patches(0, ALL_ROWS);
    if (found.length < patches) throw new ArchiveFileGone();
    return new Map(found.map((patch) => [patch.row, patch]));
  }
}
