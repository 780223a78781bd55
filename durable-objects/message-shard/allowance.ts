/**
 * What the rows of an API shard may cost before the tenant's ledger is asked again. The shard draws it for many requests at once and spends
 * it in the transactions that insert their rows; the ledger holds the unspent part, lends it to nobody else, and may call it back.
 *
 * All amounts that travel are absolute: what the rows cost so far, and how much they may cost in all (the ceiling). So nothing is lost
 * or spent twice when a call or an answer is lost. Two things keep the ceiling of the ledger at or above the one here: the ledger raises
 * its own first, this one is cut first; and a turn, which grows with every call and every cut, tells both sides what is older than a cut.
 * An eviction forgets the ceiling; the next request draws anew.
 */
import type { Gateways } from '../../workers/gateways';
import type { SpentByShard } from '../../schema/protocol/objects';
import type { StateAccess } from './outbox';
import type { ShardState } from './shard-state';

const SETTLE_EVERY_MS = 1_000;

/** The ledger does not know yet what the rows cost. */
export const owesLedger = ({ settings, progress, version }: ShardState): boolean =>
  settings?.origin === 'api' && !settings.test && version > progress.settled;

export class Allowance {
  readonly #gateways: Pick<Gateways, 'objects'>;
  readonly #access: StateAccess;
  #ceiling = 0;
  #turn = 0;
  #cutAt = 0;
  #settledAt = 0;
  /** What the rows cost when the ledger was last told. */
  #told: number | null = null;
  /** One call at a time. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(gateways: Pick<Gateways, 'objects'>, access: StateAccess) {
    this.#gateways = gateways;
    this.#access = access;
  }

  /** Whether rows of this price may be inserted now. */
  covers({ tallies }: ShardState, micros: number): boolean {
    return micros === 0 || tallies.costMicros + micros <= this.#ceiling;
  }

  /** ms UTC; null = the ledger knows everything and holds nothing for this shard. */
  dueAt(state: ShardState, now: number): number | null {
    const isOwed = owesLedger(state) || this.#ceiling > state.tallies.costMicros;
    return isOwed ? Math.max(now, this.#settledAt + SETTLE_EVERY_MS) : null;
  }

  /**
   * Makes room for `micros`, and for as much again as was spent lately.
   * @returns null when there is room now (another call may take it first), else what the tenant has left
   */
  draw(micros: number): Promise<number | null> {
    return this.#inTurn(async () => {
      const state = this.#access.read();
      if (this.covers(state, micros)) return null;
      const availableMicros = await this.#ask(micros, micros + this.#spentLately(state));
      return this.covers(this.#access.read(), micros) ? null : availableMicros;
    });
  }

  /** Tells the ledger what the rows cost, and keeps as much as was spent since the last time: nothing, where nothing was. */
  settle(now: number): Promise<void> {
    return this.#inTurn(async () => {
      const state = this.#access.read();
      const dueAt = this.dueAt(state, now);
      if (dueAt === null || dueAt > now) return;
      const { version, tallies } = state;
      const spent = this.#spentLately(state);
      this.#settledAt = now;
      this.#told = tallies.costMicros;
      this.#cut(tallies.costMicros + spent);
      await this.#ask(0, spent);
      this.#access.change((later) => later.advance({ settled: Math.max(later.progress.settled, version) }));
    });
  }

  /** The ledger needs what is not spent. */
  giveBack(): SpentByShard {
    const { version, tallies } = this.#access.read();
    this.#cut(tallies.costMicros);
    return { turn: this.#turn, version, costMicros: tallies.costMicros };
  }

  /** @returns what the tenant has left beside the answer */
  async #ask(needed: number, wanted: number): Promise<number> {
    for (;;) {
      const { settings, version, tallies } = this.#access.read();
      if (!settings) throw new Error('a shard without settings has no ledger');
      const turn = this.#nextTurn();
      const spent = { turn, version, costMicros: tallies.costMicros };
      const answer = await this.#gateways.objects.ledger(settings.tenant).settleShard(settings.shard, spent, needed, wanted);
      // An earlier life of this object was ahead of this one's clock.
      if (answer.kind === 'stale') this.#turn = Math.max(this.#turn, answer.turn);
      // Cut meanwhile: the answer speaks of what was called back.
      else if (this.#cutAt < turn) {
        this.#ceiling = answer.ceilingMicros;
        return answer.availableMicros;
      }
    }
  }

  #spentLately({ tallies }: ShardState): number {
    return Math.max(0, tallies.costMicros - (this.#told ??= tallies.costMicros));
  }

  #cut(ceiling: number): void {
    if (ceiling < this.#ceiling) this.#ceiling = ceiling;
    this.#cutAt = this.#nextTurn();
  }

  /** From the clock, so that it grows over evictions as well. */
  #nextTurn(): number {
    this.#turn = Math.max(this.#turn + 1, Date.now());
    return this.#turn;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work, work);
    this.#last = mine.catch(() => null);
    return mine;
  }
}
