/**
 * Where a number may be in the archive. All indexes of a tenant are looked into at once: they are few, whatever the number of shards. An
 * index is believed about a shard only while D1 says that the shard looks for its numbers there, so merging indexes disturbs no reader.
 */
import type { ShardNumber, TenantId } from '../../schema/ids';
import type { Dataset } from '../../schema/states';
import type { Gateways } from '../gateways';
import { ArchiveFileGone, membersWithNumber } from '../gateways/archive-members';
import type { Narrowing } from '../gateways/stores/log-shards';
import type { NumberIndexRecord, NumberIndexStore } from '../gateways/stores/number-indexes';
import { membersByShard } from '../rules/numbered-shards';

type Members = ReadonlyMap<ShardNumber, ReadonlySet<number>>;
const NOWHERE: ReadonlySet<number> = new Set();

interface Period {
  readonly receivedFrom?: number;
  readonly receivedUntil?: number;
}

export class NumberHits {
  readonly #files: Gateways['files'];
  readonly #store: NumberIndexStore;
  readonly #dataset: Dataset;
  readonly #digits: string;
  readonly #known = new Map<string, Promise<Members>>();

  /** @param digits E.164 */
  constructor({ files, tenant: storesOf }: Pick<Gateways, 'tenant' | 'files'>, tenant: TenantId, dataset: Dataset, digits: string) {
    this.#files = files;
    this.#store = storesOf(tenant).numberIndexes;
    this.#dataset = dataset;
    this.#digits = digits;
  }

  async all(period: Period): Promise<NonNullable<Narrowing['numbers']>> {
    const indexes = await this.#store.all(this.#dataset, period);
    const looked = await Promise.all(
      indexes.map(async (index) => {
        const members = await this.#look(index).catch(passOverGone);
        return members && { file: index.file, members };
      }),
    );
    const found = looked.filter((one) => one !== null);
    return {
      indexes: found.map(({ file }) => file),
      found: found.flatMap(({ file, members }) => [...members.keys()].map((shard) => [file, shard] as const)),
    };
  }

  /** Members of the shard's file. @throws ArchiveFileGone when the shard has another index by now */
  async of(file: string, shard: ShardNumber): Promise<ReadonlySet<number>> {
    const members = await (this.#known.get(file) ?? this.#find(file));
    return members.get(shard) ?? NOWHERE;
  }

  async #find(file: string): Promise<Members> {
    const index = await this.#store.find(file);
    if (!index) throw new ArchiveFileGone();
    return await this.#look(index);
  }

  #look({ file, entries, shards }: NumberIndexRecord): Promise<Members> {
    const looking = membersWithNumber(this.#files, file, entries, this.#digits).then((members) => membersByShard(shards, members));
    this.#known.set(file, looking);
    return looking;
  }
}

/** Its shards have another one by now, and are looked for there. */
function passOverGone(thrown: unknown): null {
  if (thrown instanceof ArchiveFileGone) return null;
  throw thrown;
}
