/** Rows leave through here: tokens from the pacers of the key's carrier accounts, chunks into the queue. */
import type { CarrierAccountId } from '../../schema/ids';
import type { SendResult, ShardSettings } from '../../schema/protocol/message-shard';
import type { Gateways } from '../../workers/gateways';
import { accountsOfKey } from '../../workers/gateways/stores/carrier-accounts';
import { Carriers, type Line } from './carriers';
import type { Chunk } from './chunks';
import { takeBackUnclaimed } from './claim';
import { askAgain } from './due-again';
import { judgeAhead } from './frequency';
import { releasable, releaseRows } from './release';
import type { ShardState } from './shard-state';

export interface StateAccess {
  read(): ShardState;
  change<T>(work: (state: ShardState) => T): T;
}

/** Messages that are risked to see whether the carrier is back. */
const PROBE_MESSAGES = 3;

/** How chunks and classes call an account. */
const nameIn = (settings: ShardSettings, account: CarrierAccountId): CarrierAccountId | '' =>
  account === settings.carrierAccount ? '' : account;

export class Outbox {
  readonly #carriers = new Carriers();
  readonly #gateways: Pick<Gateways, 'env' | 'database' | 'objects' | 'queues'>;
  readonly #access: StateAccess;
  #releasing: Promise<void> | null = null;

  constructor(gateways: Pick<Gateways, 'env' | 'database' | 'objects' | 'queues'>, access: StateAccess) {
    this.#gateways = gateways;
    this.#access = access;
  }

  /** When rows can be released next, ms UTC; null when there are none. */
  dueAt(state: ShardState, now: number): number | null {
    if (!this.#carriers.isKnown) return releasable(state, now) > 0 ? now : null;
    const times = this.#carriers.all.filter((line) => this.#wants(line, state, now) > 0).map(({ releasesAt }) => Math.max(now, releasesAt));
    return times.length === 0 ? null : Math.min(...times);
  }

  #wants(line: Line, state: ShardState, now: number): number {
    const wanted = releasable(state, now);
    if (!line.trouble.isThere || wanted === 0 || !state.settings) return wanted;
    // One probe at a time: its answers decide.
    return state.chunks.isAnyOut(nameIn(state.settings, line.account)) ? 0 : Math.min(wanted, PROBE_MESSAGES);
  }

  /** May rows of this chunk go to the carrier now? */
  allows(chunk: Chunk | undefined, now: number): boolean {
    const { settings } = this.#access.read();
    if (!chunk || !settings) return true;
    // Nobody was chosen yet: any account will do.
    if (chunk.account === null) return !this.#carriers.isKnown || this.#carriers.all.some((line) => line.isUsable(now));
    const line = this.#carriers.of(chunk.account === '' ? settings.carrierAccount : chunk.account);
    return line.isUsable(now) || chunk.number === line.probe;
  }

  /** Through which account so many API messages go, that were queued when they were accepted. */
  choose(rows: number, now: number): CarrierAccountId | '' {
    const { settings } = this.#access.read();
    const [line] = this.#carriers.inTurn(now);
    if (!settings || !line) return '';
    this.#carriers.took(line, now);
    line.owed += rows;
    return nameIn(settings, line.account);
  }

  /** What came of rows. @returns the same, to be settled */
  note(results: readonly SendResult[], now: number): readonly SendResult[] {
    const { settings, chunks } = this.#access.read();
    if (!settings || results.length === 0) return results;
    return this.#carriers.note(results, (row) => chunks.accountOf(row) || settings.carrierAccount, now);
  }

  get owes(): boolean {
    return this.#carriers.all.some(({ owed }) => owed > 0);
  }

  /** Who carries the key's messages, before the first of them is handed out or settled. */
  async ready(): Promise<void> {
    if (this.#carriers.isKnown) return;
    try {
      await this.#bind();
    } catch (thrown) {
      // An answer that waits to be settled must not be lost for this: until D1 says more, the account of the settings is all there is.
      console.error(JSON.stringify({ binding: 'carrier accounts', unexpected: thrown instanceof Error ? thrown.name : typeof thrown }));
    }
  }

  /** As operators have bound the key, to the minute; where nobody can say, as it was when the shard was made. */
  async #bind(): Promise<void> {
    const { settings } = this.#access.read();
    if (!settings) return;
    try {
      this.#carriers.bind(await accountsOfKey(this.#gateways, settings.key, settings.carrierAccount));
    } catch (thrown) {
      if (!this.#carriers.isKnown) throw thrown;
    }
  }

  /** Releases what the pace and the queue allow; callers at the same time share one run. */
  release(): Promise<void> {
    this.#releasing ??= this.#release().finally(() => {
      this.#releasing = null;
    });
    return this.#releasing;
  }

  async #release(): Promise<void> {
    await this.#bind();
    await this.#payOwed();
    while (await this.#releaseInTurn());
  }

  async #payOwed(): Promise<void> {
    for (const line of this.#carriers.all) {
      if (line.owed === 0) continue;
      const want = line.owed;
      line.owed = 0;
      await this.#lease(line, want);
    }
  }

  /** @returns whether there may be more to release at once */
  async #releaseInTurn(): Promise<boolean> {
    for (const line of this.#carriers.inTurn(Date.now())) {
      const now = Date.now();
      const want = this.#wants(line, this.#access.read(), now);
      if (want === 0 || now < line.releasesAt) continue;
      if ((await judgeAhead(this.#gateways, this.#access)) || (await askAgain(this.#gateways, this.#access, now))) return true;
      const { granted, waitMs } = await this.#lease(line, want);
      if (granted < want) line.againAt = Date.now() + waitMs;
      if (granted === 0) continue;
      this.#carriers.took(line, now);
      // Asking took time: a pause may have come in between.
      const chunks = this.#access.change((state) => {
        const account = state.settings ? nameIn(state.settings, line.account) : '';
        return releaseRows(state, account, Math.min(granted, this.#wants(line, state, now)), Date.now());
      });
      line.probe = line.trouble.isThere ? (chunks[0] ?? null) : null;
      await this.#queue(chunks);
      return true;
    }
    return false;
  }

  async #lease({ account, perSecond }: Line, want: number): Promise<{ readonly granted: number; readonly waitMs: number }> {
    const { settings } = this.#access.read();
    if (!settings) return { granted: 0, waitMs: 0 };
    const { task, key, traffic } = settings;
    return await this.#gateways.objects.pacer(account).lease({ perSecond, task: task ?? key, traffic, want });
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

  get isThrottled(): boolean {
    return this.#carriers.all.some(({ isThrottled }) => isThrottled);
  }

  /** The carrier throttled us. */
  async slowDown(): Promise<void> {
    for (const line of this.#carriers.all) {
      if (!line.isThrottled) continue;
      line.isThrottled = false;
      await this.#gateways.objects.pacer(line.account).throttled();
    }
  }
}
