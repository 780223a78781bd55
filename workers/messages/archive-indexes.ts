/** The indexes of archive files as one reading needs them. Segments that are read at the same time ask together. */
import type { LogFilter } from '../../schema/console';
import type { ShardNumber, TenantId } from '../../schema/ids';
import type { ArchiveMember, PackedMember } from '../../schema/protocol/archive';
import type { Dataset } from '../../schema/states';
import type { Gateways } from '../gateways';
import { ArchiveFileGone } from '../gateways/archive-members';
import type { LogArchiveStore } from '../gateways/stores/log-archive';
import type { ArchivedRows, Narrowing } from '../gateways/stores/log-shards';
import { unpackMembers, unpackMembersOf } from '../rules/archive-index';
import { outcomeOf, type MemberHints } from '../rules/archive-members';
import { NumberHits } from './number-hits';

interface FileIndex {
  readonly file: string;
  readonly members: readonly PackedMember[];
  readonly outcome: Map<number, number> | null;
}
interface Asked {
  readonly shards: ShardNumber[];
  readonly indexes: Promise<FileIndexes>;
}
type FileIndexes = ReadonlyMap<ShardNumber, FileIndex>;

export interface OpenIndex {
  readonly members: readonly ArchiveMember[];
  readonly hints: MemberHints;
}

export class ArchiveIndexes {
  readonly #filter: LogFilter;
  readonly #hits: NumberHits | null;
  readonly #archive: LogArchiveStore;
  readonly #outcome: Narrowing['outcome'];
  /** Shards that are asked for in this moment, and what all of them will get. */
  #asked: Asked | null = null;

  constructor(gateways: Pick<Gateways, 'tenant' | 'files'>, tenant: TenantId, dataset: Dataset, filter: LogFilter) {
    this.#filter = filter;
    this.#outcome = outcomeOf(filter);
    this.#hits = filter.to === undefined ? null : new NumberHits(gateways, tenant, dataset, filter.to);
    this.#archive = gateways.tenant(tenant).logArchive;
  }

  /** What leaves whole files out. */
  async narrowing(): Promise<Narrowing> {
    return { outcome: this.#outcome, numbers: this.#hits && (await this.#hits.all(this.#filter)) };
  }

  /** @throws ArchiveFileGone when D1 names another file than it did before */
  async open(shard: ShardNumber, { file, numbers, fromAt }: ArchivedRows): Promise<OpenIndex> {
    const [indexes, recipient] = await Promise.all([this.#ask(shard), this.#hits && this.#hits.of(numbers, shard)]);
    const found = indexes.get(shard);
    if (found?.file !== file) throw new ArchiveFileGone();
    return { members: unpackMembers(found.members, fromAt), hints: { outcome: found.outcome, recipient } };
  }

  #ask(shard: ShardNumber): Promise<FileIndexes> {
    const asked = (this.#asked ??= this.#gather());
    asked.shards.push(shard);
    return asked.indexes;
  }

  #gather(): Asked {
    const shards: ShardNumber[] = [];
    const read = async (): Promise<FileIndexes> => {
      await new Promise((resolve) => setTimeout(resolve, 0));
      this.#asked = null;
      return await this.#read(shards);
    };
    return { shards, indexes: read() };
  }

  async #read(shards: readonly ShardNumber[]): Promise<FileIndexes> {
    const outcome = this.#outcome;
    const [found, cells] = await Promise.all([this.#archive.members(shards), outcome && this.#archive.cells(shards, outcome)]);
    const indexes = new Map(
      found.map(({ shard, ...index }): [ShardNumber, FileIndex] => [shard, { ...index, outcome: cells && new Map<number, number>() }]),
    );
    for (const { shard, file, members } of cells ?? []) {
      const index = indexes.get(shard);
      // Folded between the two looks: the file is looked for again.
      if (index?.outcome && index.file === file) addCounts(index.outcome, unpackMembersOf(members));
      else indexes.delete(shard);
    }
    return indexes;
  }
}

function addCounts(counts: Map<number, number>, members: readonly number[]): void {
  for (let at = 0; at + 1 < members.length; at += 2) {
    const member = members[at] ?? 0;
    counts.set(member, (counts.get(member) ?? 0) + (members[at + 1] ?? 0));
  }
}
