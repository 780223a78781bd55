/**
 * The carrier accounts that a shard's messages may go through: those of its key, in proportion to their pace. One that is in trouble, or
 * was refused by the carrier, is left alone for a while, and the others go on. In memory only: an eviction costs a few rows that are tried again.
 */
import type { CarrierAccountId } from '../../schema/ids';
import { CARRIER_DEFAULT_PER_SECOND } from '../../schema/limits';
import type { SendOutcome, SendResult } from '../../schema/protocol/message-shard';
import { refusesAccount } from '../../workers/rules/vonage-status';
import { Trouble } from './trouble';

/** An operator has to change something before an account that was refused is of use again. */
const REST_MS = 5 * 60_000;

export class Line {
  readonly account: CarrierAccountId;
  readonly trouble = new Trouble();
  perSecond = CARRIER_DEFAULT_PER_SECOND;
  /** The pacer said so, ms UTC. */
  againAt = 0;
  restsUntil = 0;
  /** API messages that go out without asking: charged to the pacer at the next occasion. */
  owed = 0;
  /** The chunk that may go out although the carrier is in trouble. */
  probe: number | null = null;
  isThrottled = false;
  /** Grows by its pace at each turn of another: the highest is next. */
  turns = 0;

  constructor(account: CarrierAccountId) {
    this.account = account;
  }

  /** Nothing is released before this time, ms UTC. */
  get releasesAt(): number {
    return Math.max(this.againAt, this.trouble.probeAt, this.restsUntil);
  }

  isUsable(now: number): boolean {
    return !this.trouble.isThere && this.restsUntil <= now;
  }
}

export class Carriers {
  readonly #known = new Map<CarrierAccountId, Line>();
  #pool: readonly Line[] = [];

  get isKnown(): boolean {
    return this.#pool.length > 0;
  }

  get all(): readonly Line[] {
    return this.#pool;
  }

  of(account: CarrierAccountId): Line {
    let line = this.#known.get(account);
    if (!line) this.#known.set(account, (line = new Line(account)));
    return line;
  }

  /** What the key is bound to now; what is under way to others ends there. */
  bind(accounts: readonly { readonly id: CarrierAccountId; readonly perSecond: number }[]): void {
    this.#pool = accounts.map(({ id, perSecond }) => {
      const line = this.of(id);
      line.perSecond = perSecond;
      return line;
    });
  }

  /** Whose turn it is, then the others: those in trouble last. */
  inTurn(now: number): readonly Line[] {
    if (this.#pool.length === 1) return this.#pool;
    const rank = (line: Line): number => (line.isUsable(now) ? line.turns + line.perSecond : Number.NEGATIVE_INFINITY);
    return this.#pool.toSorted((a, b) => rank(b) - rank(a));
  }

  /** It had its turn (smooth weighted turns): accounts alternate even while all of them have tokens. */
  took(taken: Line, now: number): void {
    for (const line of this.#pool) {
      if (!line.isUsable(now)) continue;
      line.turns += line.perSecond;
      taken.turns -= line.perSecond;
    }
  }

  /** @returns the results, where a refused account's messages are to be tried again through another */
  note(results: readonly SendResult[], accountOf: (row: number) => CarrierAccountId, now: number): readonly SendResult[] {
    const outcomes = new Map<Line, SendOutcome[]>();
    const noted = results.map((result) => {
      const line = this.of(accountOf(result.row));
      const { outcome } = result;
      const seen = outcomes.get(line);
      if (seen) seen.push(outcome);
      else outcomes.set(line, [outcome]);
      if (outcome.kind === 'retry' && outcome.error === 'throttled') line.isThrottled = true;
      if (outcome.kind !== 'rejected' || !refusesAccount(outcome.error) || !this.#hasOther(line, now)) return result;
      line.restsUntil = now + REST_MS;
      return { ...result, outcome: { kind: 'retry', error: outcome.error, delayMs: 0 } as const };
    });
    for (const [line, seen] of outcomes) line.trouble.note(seen, now);
    return noted;
  }

  #hasOther(line: Line, now: number): boolean {
    return this.#pool.some((other) => other !== line && other.isUsable(now));
  }
}
