/** What a shard does about its file in the archive, one thing at a time: sealing, telling D1 of patches, folding them in, tidying up. */
import type { Gateways } from '../../workers/gateways';
import { findArchiveFile, writeArchiveFile, writePatchCount } from '../../workers/gateways/stores/archive-files';
import { knownNumberIndexes } from '../../workers/gateways/stores/number-indexes';
import { backOffMs, type BackOff } from '../../workers/rules/back-off';
import { numberIndexKey } from '../../schema/storage-keys';
import { foldPatches } from './fold';
import { isArchived } from './message-records';
import type { StateAccess } from './outbox';
import { isSettled, sealAt } from './sealable';
import { sealShard, type WriteFile } from './seal';
import type { ShardState } from './shard-state';

/** Each try writes a file that is left over when it fails. */
const RETRY: BackOff = { baseMs: 10_000, capMs: 10 * 60_000, jitter: 0.2 };
/** While another shard has its turn. */
const TURN_MS = 1_000;
/** A shard that has said nothing for this long has died with its turn. */
const TURN_LASTS_MS = 30_000;

/** One shard of an isolate at a time: each holds some 15 MB while it writes its file. */
let turn: { readonly of: Sealer; until: number } | null = null;

export class Sealer {
  readonly #gateways: Pick<Gateways, 'database' | 'files'>;
  readonly #access: StateAccess;
  readonly #afterMs: number;
  #againAt = 0;
  #failed = 0;
  #telling: Promise<void> | null = null;
  #order: Promise<void> = Promise.resolve();
  #working = false;

  /** @param afterMs how long a shard is quiet before it is sealed; not finite = it never is */
  constructor(gateways: Pick<Gateways, 'database' | 'files'>, access: StateAccess, afterMs: number) {
    this.#gateways = gateways;
    this.#access = access;
    this.#afterMs = afterMs;
  }

  /** ms UTC; null = nothing to do. */
  dueAt(state: ShardState, now: number): number | null {
    if (this.#working) return null;
    const { archive, progress } = state;
    const times = [
      isArchived(state) && !archive.isTold ? now : null,
      this.#sealsAt(state, now),
      progress.phase === 'sealed' ? archive.tidyAt : null,
    ];
    const due = times.filter((at) => at !== null);
    return due.length === 0 ? null : Math.max(Math.min(...due), this.#againAt);
  }

  #sealsAt(state: ShardState, now: number): number | null {
    return state.progress.phase === 'sealing' ? now : sealAt(state, now, this.#afterMs);
  }

  /** Whatever is due. */
  async work(now: number): Promise<void> {
    const due = this.dueAt(this.#access.read(), now);
    if (due === null || due > now) return;
    this.#failed += 1;
    this.#againAt = now + backOffMs(this.#failed, RETRY);
    await this.tell();
    const sealsAt = this.#sealsAt(this.#access.read(), now);
    if (sealsAt !== null && sealsAt <= now && !(await this.#seal())) {
      this.#failed = 0;
      this.#againAt = now + TURN_MS;
      return;
    }
    await this.#tidy(now);
    this.#failed = 0;
    this.#againAt = 0;
  }

  /** At once, however short the quiet was. @returns whether the shard is sealed; if not, something still waits, or another shard has its turn */
  async sealNow(): Promise<boolean> {
    const state = this.#access.read();
    if (state.progress.phase === 'sealed') return true;
    if (state.progress.phase !== 'sealing' && !isSettled(state)) return false;
    return this.#seal();
  }

  #seal(): Promise<boolean> {
    return this.#inTurn(() => sealShard(this.#gateways.files, this.#access, this.#write, () => this.#goOn()));
  }

  /** Writes the file anew with what came too late for it. @returns false when another shard has its turn */
  async fold(): Promise<boolean> {
    if (this.#access.read().progress.phase !== 'sealed') return true;
    const isDone = await this.#inTurn(() => foldPatches(this.#gateways, this.#access, this.#write, () => this.#goOn()));
    if (isDone) await this.tell();
    return isDone;
  }

  /** D1 hears how many patches readers must ask for. Callers at the same time share one run. */
  tell(): Promise<void> {
    this.#telling ??= this.#tell().finally(() => {
      this.#telling = null;
    });
    return this.#telling;
  }

  async #tell(): Promise<void> {
    while (!this.#access.read().archive.isTold) await this.#inOrder(() => this.#writePatchCount());
  }

  async #writePatchCount(): Promise<void> {
    const { archive, settings } = this.#access.read();
    const { changes } = archive;
    if (settings) await writePatchCount(this.#gateways.database, settings.shard, archive.countPatches());
    this.#access.change((later) => later.archive.told(changes));
  }

  readonly #write: WriteFile = (record) =>
    this.#inOrder(async () => {
      const { archive } = this.#access.read();
      const { changes } = archive;
      await writeArchiveFile(this.#gateways.database, { ...record, patches: archive.countPatches() });
      this.#access.change((later) => later.archive.told(changes));
    });

  /** Whatever tells D1 of patches, one at a time: an older number must not overtake a newer one. */
  #inOrder(work: () => Promise<void>): Promise<void> {
    const next = this.#order.then(work);
    this.#order = next.catch(() => undefined);
    return next;
  }

  /** Files that nobody needs any more, and what a sealed shard may forget. D1 has the last word on which file is needed. */
  async #tidy(now: number): Promise<void> {
    const { archive, settings, progress } = this.#access.read();
    if (!settings || progress.phase !== 'sealed' || archive.tidyAt === null || archive.tidyAt > now) return;
    const leftovers = archive.leftovers(now);
    const current = leftovers.length === 0 ? null : await findArchiveFile(this.#gateways.database, settings.shard);
    if (leftovers.length > 0 && !current) throw new Error('D1 does not know the file of a sealed shard');
    const gone = leftovers.filter(({ file }) => file !== current?.file);
    await this.#gateways.files.remove(gone.map(({ file }) => file));
    await this.#removeNumbers(gone.map(({ file }) => numberIndexKey(file)));
    this.#access.change((later) =>
      later.archive.tidy(
        gone.map(({ revision }) => revision),
        current?.revision ?? null,
        now,
      ),
    );
  }

  /** An index that D1 knows is D1's to remove: it may outlive the file that it was written with. */
  async #removeNumbers(keys: readonly string[]): Promise<void> {
    const known = await knownNumberIndexes(this.#gateways.database, keys);
    await this.#gateways.files.remove(keys.filter((key) => !known.has(key)));
  }

  /** @returns false when another shard has its turn */
  async #inTurn(work: () => Promise<void>): Promise<boolean> {
    if (this.#working || (turn !== null && turn.of !== this && turn.until > Date.now())) return false;
    this.#working = true;
    this.#goOn();
    try {
      await work();
      return true;
    } finally {
      this.#working = false;
      if (turn?.of === this) turn = null;
    }
  }

  #goOn(): void {
    turn = { of: this, until: Date.now() + TURN_LASTS_MS };
  }
}
