/**
 * Tokens of one carrier account. Pure: the time is given. Each task that asks has a bucket of its own, and all are filled alike, so a
 * small task is not behind a large one; what a full bucket cannot take is for anyone. Transactional messages go ahead of all: they take
 * what there is and run into debt, which is paid before campaigns get anything.
 */
import type { TrafficKind } from '../../schema/states';

const SECOND = 1_000;
/** A task that has not asked for this long, though it was told to, has no share any more. */
const IDLE_MS = 2 * SECOND;
/** Debt that transactional messages may make, in seconds of the rate. */
const DEBT_SECONDS = 2;
/** What one answer grants at least, if the rate allows it at all: a chunk's worth. Less would mean more queue messages. */
const WORTHWHILE = 100;
/** After the carrier throttled: the rate is halved (once a second at most) and comes back over this long. */
const RECOVERY_MS = 30 * SECOND;
const SLOWEST = 0.1;

/** What went out is counted by slots of this length, over a minute. */
const SLOT_MS = 5 * SECOND;
const SLOTS = 12;

interface Share {
  tokens: number;
  /** Without another ask until then the share ends. */
  idleAt: number;
}

export interface LeaseRequest {
  readonly perSecond: number;
  readonly task: string;
  readonly traffic: TrafficKind;
  readonly want: number;
}

export interface Lease {
  readonly granted: number;
  /** When to ask again for the rest; 0 when all was granted. */
  readonly waitMs: number;
}

export class Pace {
  readonly #shares = new Map<string, Share>();
  /** Tokens that no bucket had room for; negative = debt of transactional messages. */
  #spare = 0;
  #filledAt: number | null = null;
  #slowed: { readonly factor: number; readonly at: number } | null = null;
  /** Messages granted, by the number of the slot. */
  readonly #granted = new Map<number, number>();

  lease(request: LeaseRequest, now: number): Lease {
    const lease = this.#lease(request, now);
    const slot = Math.floor(now / SLOT_MS);
    this.#granted.set(slot, (this.#granted.get(slot) ?? 0) + lease.granted);
    for (const old of this.#granted.keys()) if (old <= slot - SLOTS) this.#granted.delete(old);
    return lease;
  }

  /** Messages granted a second, during the last minute. */
  recent(now: number): number {
    const slot = Math.floor(now / SLOT_MS);
    let all = 0;
    for (const [at, granted] of this.#granted) if (at > slot - SLOTS) all += granted;
    return (all * SECOND) / (SLOTS * SLOT_MS);
  }

  #lease({ perSecond, task, traffic, want }: LeaseRequest, now: number): Lease {
    const rate = Math.max(1, perSecond * this.#factor(now));
    this.#fill(rate, now);
    if (traffic === 'transactional') return this.#leaseFirst(rate, want);
    let share = this.#shares.get(task);
    if (!share) this.#shares.set(task, (share = { tokens: 0, idleAt: 0 }));
    share.idleAt = now + IDLE_MS;
    const spare = Math.max(0, this.#spare);
    const available = Math.floor(share.tokens + spare);
    const perTask = rate / this.#shares.size;
    const worthwhile = Math.min(want, WORTHWHILE, Math.max(1, Math.floor(perTask)));
    const granted = available >= worthwhile ? Math.min(want, available) : 0;
    const fromShare = Math.min(share.tokens, granted);
    share.tokens -= fromShare;
    this.#spare -= granted - fromShare;
    if (granted === want) return { granted, waitMs: 0 };
    const nextWorthwhile = Math.min(want - granted, WORTHWHILE, Math.max(1, Math.floor(perTask)));
    const missing = nextWorthwhile - share.tokens - Math.max(0, this.#spare);
    const debt = Math.max(0, -this.#spare);
    const waitMs = Math.max(1, Math.ceil((missing / perTask + debt / rate) * SECOND));
    share.idleAt += waitMs;
    return { granted, waitMs };
  }

  /** A code that somebody waits for. */
  #leaseFirst(rate: number, want: number): Lease {
    let left = want;
    const fromSpare = Math.max(0, Math.min(left, Math.floor(this.#spare)));
    this.#spare -= fromSpare;
    left -= fromSpare;
    for (const share of this.#shares.values()) {
      const taken = Math.min(left, Math.floor(share.tokens));
      share.tokens -= taken;
      left -= taken;
    }
    const credit = Math.max(0, Math.floor(rate * DEBT_SECONDS + Math.min(0, this.#spare)));
    const owed = Math.min(left, credit);
    this.#spare -= owed;
    left -= owed;
    return { granted: want - left, waitMs: left === 0 ? 0 : Math.ceil((Math.min(left, rate) / rate) * SECOND) };
  }

  #fill(rate: number, now: number): void {
    for (const [task, { idleAt }] of this.#shares) if (now > idleAt) this.#shares.delete(task);
    // A pacer that was idle starts with a full second, and whatever it was idle for pays the debt that it had.
    const elapsed = this.#filledAt === null ? SECOND : Math.min((1 + DEBT_SECONDS) * SECOND, Math.max(0, now - this.#filledAt));
    this.#filledAt = now;
    let tokens = (elapsed / SECOND) * rate;
    const paid = Math.min(tokens, Math.max(0, -this.#spare));
    this.#spare += paid;
    tokens -= paid;
    const each = this.#shares.size === 0 ? 0 : tokens / this.#shares.size;
    // A share of a slow account still has room for one whole message.
    const room = Math.max(1, rate / Math.max(1, this.#shares.size));
    let held = 0;
    for (const share of this.#shares.values()) {
      const taken = Math.max(0, Math.min(each, room - share.tokens));
      share.tokens += taken;
      tokens -= taken;
      held += share.tokens;
    }
    // All buckets together never hold more than a second's worth, or a burst would be throttled.
    this.#spare = Math.min(this.#spare + tokens, Math.max(0, rate - held));
  }

  slowDown(now: number): void {
    if (this.#slowed && now - this.#slowed.at < SECOND) return;
    this.#slowed = { factor: Math.max(SLOWEST, this.#factor(now) / 2), at: now };
    this.#spare = Math.min(0, this.#spare);
    for (const share of this.#shares.values()) share.tokens = 0;
  }

  #factor(now: number): number {
    if (!this.#slowed) return 1;
    const { factor, at } = this.#slowed;
    const back = Math.min(1, Math.max(0, now - at) / RECOVERY_MS);
    if (back === 1) this.#slowed = null;
    return factor + (1 - factor) * back;
  }
}
