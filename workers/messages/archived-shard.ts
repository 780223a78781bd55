/**
 * A sealed shard as readers see it: its file, the index of that file, and what changed since. Each is read when it is first asked for. A
 * file that was replaced meanwhile (late receipts were folded in) is looked for again.
 */
import type { LogFilter } from '../../schema/console';
import type { ShardNumber, TenantId } from '../../schema/ids';
import { PATCHES_AT_ONCE, type ArchiveMember, type RowPatch } from '../../schema/protocol/archive';
import type { LogRow } from '../../schema/protocol/message-shard';
import type { Gateways } from '../gateways';
import { ArchiveFileGone, readMembers, unpackMember } from '../gateways/archive-members';
import { ReadAhead } from '../gateways/read-ahead';
import type { ArchivedRows } from '../gateways/stores/log-shards';
import { memberRowsAtMost } from '../rules/archive-members';
import { MemberRows } from '../rules/archive-member-rows';
import { NO_PATCHES, Patches } from '../rules/archive-patches';
import { ArchiveRowReader } from '../rules/archive-rows';
import type { ArchiveIndexes, OpenIndex } from './archive-indexes';

export type ArchiveGateways = Pick<Gateways, 'tenant' | 'objects' | 'files'>;

/** A file changes once a night; that it changes again and again under one reader is a bug. */
const LOOKS = 3;
/** Members that a page reads at once. */
const MEMBERS_AT_ONCE = 16;

/** One state of the file. */
interface OpenFile extends OpenIndex {
  readonly rows: ArchivedRows;
  readonly patches: Patches;
  readonly ahead: ReadAhead;
}

export interface PossibleMember {
  readonly member: ArchiveMember;
  /** Rows that match, at most; exact but for times and numbers. */
  readonly rowsAtMost: number;
}

export class ArchivedShard {
  readonly #gateways: ArchiveGateways;
  readonly #tenant: TenantId;
  readonly #shard: ShardNumber;
  readonly #indexes: ArchiveIndexes;
  readonly #reader = new ArchiveRowReader();
  #rows: ArchivedRows | null;
  #open: OpenFile | null = null;

  /** @param rows as D1 has them; null = not yet looked for @param indexes of the reading that it is part of */
  constructor(gateways: ArchiveGateways, tenant: TenantId, shard: ShardNumber, rows: ArchivedRows | null, indexes: ArchiveIndexes) {
    this.#gateways = gateways;
    this.#tenant = tenant;
    this.#shard = shard;
    this.#rows = rows;
    this.#indexes = indexes;
  }

  /** Members that can hold rows that match, ascending. @param filter that of the reading, or what is left of it */
  async membersFor(filter: LogFilter): Promise<readonly PossibleMember[]> {
    return await this.#again(async () => {
      const { members, hints, patches } = await this.#opened();
      const changed = patches.into((state) => isAsked(filter, state));
      return members
        .map((member) => ({ member, rowsAtMost: memberRowsAtMost(member, filter, hints, changed.of(member).length) }))
        .filter(({ rowsAtMost }) => rowsAtMost > 0);
    });
  }

  /**
   * The rows of a member that match, from its first one on.
   * @param next members that will be asked for after this one: they are read ahead
   */
  async rowsOf(member: ArchiveMember, filter: LogFilter, next: readonly ArchiveMember[] = []): Promise<MemberRows> {
    return await this.#again(async () => {
      const { members, patches, ahead } = await this.#opened();
      // Folding late receipts in moves bytes, never rows.
      const asItIs = (known: ArchiveMember): ArchiveMember => members[known.number] ?? known;
      const now = asItIs(member);
      const packed = await ahead.packed([now, ...next.map(asItIs)]);
      return new MemberRows(unpackMember(packed, now.plainBytes), now, filter, patches, this.#reader);
    });
  }

  /** The newest rows below row number `before` that match, newest first: as many members at once as are likely to hold them. */
  async newest(filter: LogFilter, before: number, limit: number): Promise<LogRow[]> {
    return await this.#again(async () => {
      const possible = (await this.membersFor(filter)).filter(({ member }) => member.firstRow < before);
      const found: LogRow[] = [];
      while (possible.length > 0 && found.length < limit) {
        const members = lastOf(possible, limit - found.length).map(({ member }) => member);
        const { patches, rows } = await this.#opened();
        const read = await readMembers(this.#gateways.files, rows.file, members);
        for (const { member, packed } of read.toReversed()) {
          if (found.length >= limit) break;
          const matching = new MemberRows(unpackMember(packed, member.plainBytes), member, filter, patches, this.#reader);
          found.push(...matching.newest(before, limit - found.length));
          matching.close();
        }
      }
      return found;
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

  /** @throws ArchiveFileGone when D1 names another file than it did before @throws Error when the shard has no file */
  async #opened(): Promise<OpenFile> {
    if (this.#open) return this.#open;
    this.#rows ??= await this.#gateways.tenant(this.#tenant).logArchive.rows(this.#shard);
    const rows = this.#rows;
    if (!rows) throw new Error('a sealed shard has no file');
    const index = await this.#indexes.open(this.#shard, rows);
    const patches = await this.#patches(rows);
    this.#open = { ...index, rows, patches, ahead: new ReadAhead(this.#gateways.files, rows.file) };
    return this.#open;
  }

  /** @throws ArchiveFileGone when the shard keeps fewer than D1 said: they have been folded into a newer file */
  async #patches({ patches }: ArchivedRows): Promise<Patches> {
    if (patches === 0) return NO_PATCHES;
    const shard = this.#gateways.objects.shard(this.#shard);
    const found: RowPatch[] = [];
    let answered: readonly RowPatch[];
    do {
      answered = await shard.patches(found.length === 0 ? 0 : (found.at(-1)?.row ?? 0) + 1);
      found.push(...answered);
    } while (answered.length === PATCHES_AT_ONCE);
    if (found.length < patches) throw new ArchiveFileGone();
    return new Patches(found);
  }
}

const isAsked = ({ states }: LogFilter, state: LogRow['state']): boolean => !states || states.length === 0 || states.includes(state);

/** Takes off the end as many as hold `limit` rows. */
function lastOf(possible: PossibleMember[], limit: number): PossibleMember[] {
  let rows = 0;
  let count = 0;
  while (rows < limit && count < Math.min(possible.length, MEMBERS_AT_ONCE)) {
    count += 1;
    rows += possible.at(-count)?.rowsAtMost ?? 0;
  }
  return possible.splice(-count, count);
}
