/** Rows leave through here: tokens from the carrier's pacer, chunks into the queue. */
import type { CarrierAccountId } from '../../schema/ids';
import type { Gateways } from '../../workers/gateways';
import { carrierPace } from '../../workers/gateways/stores/carrier-accounts';
import { takeBackUnclaimed } from './claim';
import { judgeAhead } from './frequency';
import { releasable, releaseRows } from './release';
import type { ShardState } from './shard-state';
import { Trouble } from './trouble';

export interface StateAccess {
  read(): ShardState;
  change<T>(work: (state: ShardState) => T): T;
}

/** Messages that are risked to see whether the carrier is back. */
const PROBE_MESSAGES = 3;

export class Outbox {
  readonly trouble = new Trouble();
  readonly #gateways: Pick<Gateways, 'env' | 'database' | 'objects' | 'queues'>;
  readonly #access: StateAccess;
  #againAt = 0;
  #releasing: Promise<void> | null = null;
  /** API messages that went out without asking: charged to the pacer at the next occasion. */
  #owed = 0;
  /** The chunk that may go out although the carrier is in trouble. */
  #probe: number | null = null;

  constructor(gateways: Pick<Gateways, 'env' | 'database' | 'objects' | 'queues'>, access: StateAccess) {
    this.#gateways = gateways;
    this.#access = access;
  }

  /** Nothing is released before this time, ms UTC: the pacer said so, or the carrier is in trouble. */
  get againAt(): number {
    return Math.max(this.#againAt, this.trouble.probeAt);
  }

  /** Messages to release as soon as it is time. */
  wants(state: ShardState, now: number): number {
    const wanted = releasable(state, now);
    if (!this.trouble.isThere) return wanted;
    // One probe at a time: its answers decide.
    return state.chunks.isAnyOut ? 0 : Math.min(wanted, PROBE_MESSAGES);
  }

  /** May rows of this chunk go to the carrier now? */
  allows(chunk: number): boolean {
    return !this.trouble.isThere || chunk === this.#probe;
  }

  get owes(): boolean {
    return this.#owed > 0;
  }

  owe(messages: number): void {
    this.#owed += messages;
  }

  /** Releases what the pace and the queue allow; callers at the same time share one run. */
  release(): Promise<void> {
    this.#releasing ??= this.#release().finally(() => {
      this.#releasing = null;
    });
    return this.#releasing;
  }

  async #release(): Promise<void> {
    const { settings } = this.#access.read();
    if (!settings) return;
    const { carrierAccount, traffic } = settings;
    const task = settings.task ?? settings.key;
    const pacer = this.#gateways.objects.pacer(carrierAccount);
    if (this.#owed > 0) {
      const want = this.#owed;
      this.#owed = 0;
      await pacer.lease({ perSecond: await this.#pace(carrierAccount), task, traffic, want });
    }
    for (;;) {
      const now = Date.now();
      const want = this.wants(this.#access.read(), now);
      if (want === 0 || now < this.againAt) return;
      if (await judgeAhead(this.#gateways, this.#access)) continue;
      const { granted, waitMs } = await pacer.lease({ perSecond: await this.#pace(carrierAccount), task, traffic, want });
      if (granted < want) this.#againAt = Date.now() + waitMs;
      if (granted === 0) return;
      // Asking took time: a pause may have come in between.
      const chunks = this.#access.change((state) => releaseRows(state, Math.min(granted, this.wants(state, now)), Date.now()));
      this.#probe = this.trouble.isThere ? (chunks[0] ?? null) : null;
      await this.#queue(chunks);
    }
  }

  async #queue(chunks: readonly number[]): Promise<void> {
    const { settings } = this.#access.read();
    if (!settings || chunks.length === 0) return;
    const { shard, traffic } = settings;
    try {
      await this.#gateways.queues.send(
        traffic,
        chunks.map((chunk) => ({ shard, chunk })),
      );
    } catch (thrown) {
      // Some of them may be in the queue all the same; they get other numbers, so those messages find nothing.
      this.#access.change((state) => {
        for (const number of chunks) takeBackUnclaimed(state, state.chunks.get(number));
      });
      throw thrown;
    }
  }

  /** The carrier throttled us. */
  async slowDown(): Promise<void> {
    const { settings } = this.#access.read();
    if (settings) await this.#gateways.objects.pacer(settings.carrierAccount).throttled(await this.#pace(settings.carrierAccount));
  }

  #pace(account: CarrierAccountId): Promise<number> {
    return carrierPace(this.#gateways, account);
  }
}
