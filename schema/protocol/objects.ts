/** RPC surfaces of the smaller objects. All calls are idempotent or say what a repeat does. */
import type { BlockReason } from '../errors';
import type { BlacklistImportId, Iso2, KeyId, ShardNumber, TenantId } from '../ids';
import type { TrafficKind } from '../states';

/** One per carrier account: tokens a second, fair shares, transactional first. Holds nothing that an eviction may not lose. */
export interface CarrierPacerApi {
  /** `want` tokens for one shard; `granted` may be less or 0, then ask again after `waitMs`. `task` shares the rate fairly. */
  lease(request: {
    readonly perSecond: number;
    readonly task: string;
    readonly traffic: TrafficKind;
    readonly want: number;
  }): Promise<{ readonly granted: number; readonly waitMs: number }>;
  /** The carrier throttled: halves the rate for a while. */
  throttled(): Promise<void>;
  /** Messages let out a second, during the last minute. */
  recent(): Promise<number>;
}

export interface KeySettings {
  readonly key: KeyId;
  readonly tenant: TenantId;
  readonly kind: TrafficKind;
  readonly enabled: boolean;
  readonly test: boolean;
  readonly perSecond: number;
  /** IPv4, IPv6 or CIDR; [] = any. */
  readonly ipAllowlist: readonly string[];
  /** Messages a UTC day; absent = no cap. A cap that is set during a day counts from then on. */
  readonly dailyMessages?: number;
  /** Micro-EUR a UTC day; absent = no cap. */
  readonly dailySpendMicros?: number;
  /** Countries that the key may send to; absent = any. */
  readonly countries?: readonly Iso2[];
  /** An operator switched it on: `/sendCallback` takes this key without a secret, from its IP allowlist only. */
  readonly noSecret?: boolean;
  /** For signed requests (`sig`): sealed under DATA_KEY, with the method's name as Vonage calls it. */
  readonly signature?: { readonly secretSealed: string; readonly method: string };
  /** Its tenant is switched off: the key is as one that does not exist. */
  readonly tenantOff?: true;
}

type Removable = 'dailyMessages' | 'dailySpendMicros' | 'countries' | 'noSecret' | 'signature' | 'tenantOff';
/** What is not named stays; null takes away. */
export type KeyChanges = Partial<Pick<KeySettings, 'enabled' | 'perSecond' | 'ipAllowlist'>> & {
  readonly [Name in Removable]?: NonNullable<KeySettings[Name]> | null;
};

/** How a request shows that it may use a key. */
export type KeyCredential =
  | { readonly kind: 'secret'; readonly sha256: string }
  /** All parameters of the request, `sig` and `timestamp` among them. */
  | { readonly kind: 'signature'; readonly parameters: Readonly<Record<string, string>> }
  /** Nothing but its address. */
  | { readonly kind: 'address' }
  /** Nobody outside asks: the platform sends by itself. */
  | { readonly kind: 'platform' };

/** One recipient as a gate judges it. `bodyHash`: 0 … 2^52, a keyed hash of the text; null where no cap counts texts. */
export type ScreenedRecipient = [recipient: number, country: Iso2, priceMicros: number, bodyHash: number | null];

/** A recipient that was judged when its message was accepted, and is asked about again. */
export type DueRecipient = [recipient: number, country: Iso2];

/** `ticket`: for `takeBack`; null when there is nothing to take back. */
export type DayCounted =
  | { readonly ok: true; readonly ticket: string | null }
  | { readonly ok: false; readonly reason: Extract<BlockReason, 'daily_messages' | 'daily_spend'> };

export interface KeyRequest {
  readonly credential: KeyCredential;
  /** null = unknown. */
  readonly address: string | null;
  /** JSON array text of ScreenedRecipient; each is one token, a request without any is one as well. */
  readonly recipientsJson: string;
  /** `fingerprint` tells the request's content from another's. `begins`: what is not known yet begins now; else it is only looked for. */
  readonly repeat: { readonly key: string; readonly fingerprint: string; readonly begins: boolean } | null;
}

/**
 * A request that a key may repeat: what it makes has ids that follow from it, so that a run which takes over a dead one finds what was made
 * or makes the same.
 */
export interface RequestClaim {
  /** 32 bytes, of this request of this key alone. */
  readonly seed: Uint8Array;
  /** When it was first admitted, ms UTC. */
  readonly at: number;
  /** An earlier run died: what it made must be looked for first. */
  readonly takenOver: boolean;
}

/** For the RateLimit headers: tokens. */
export interface KeyRate {
  readonly limit: number;
  readonly remaining: number;
  /** Until the bucket is full. */
  readonly resetMs: number;
}

export type KeyVerdict =
  | {
      readonly kind: 'admitted';
      readonly settings: KeySettings;
      readonly rate: KeyRate;
      /** One a recipient, in order; null = may go. */
      readonly blocked: readonly (BlockReason | null)[];
      /** When the request (or the dead one that it takes over) was first admitted, ms UTC. */
      readonly at: number;
      /** An earlier run of the same request died: what it did must be looked for first. */
      readonly takenOver: boolean;
      /** For `takeBack`; null when there is nothing to take back. */
      readonly ticket: string | null;
    }
  | { readonly kind: 'replayed'; readonly rate: KeyRate; readonly answer: string }
  | { readonly kind: 'in_progress' | 'other_request'; readonly rate: KeyRate }
  | { readonly kind: 'unknown_key' | 'disabled' | 'bad_secret' | 'bad_signature' | 'address_refused' }
  | { readonly kind: 'rate_limited'; readonly rate: KeyRate; readonly retryAfterMs: number };

/** A key as its tenant looks at it. */
export interface KeyFacts {
  readonly settings: KeySettings | null;
  /** The oldest first; ms UTC, null = not known. */
  readonly secrets: readonly { readonly n: number; readonly addedAt: number | null }[];
  /** Last request of the API that was let in, to the minute, ms UTC. */
  readonly usedAt: number | null;
}

export interface ListedNumber extends Record<string, number | string | null> {
  readonly recipient: number;
  readonly addedAt: number;
  readonly reason: string;
  /** The inbound message that caused it. */
  readonly source: string | null;
}

/** One per key: secrets, switch, token bucket, blacklist, caps, repeats. */
export interface KeyGateApi {
  settings(): Promise<KeySettings | null>;
  /** Everything that a key decides about one request of the API, in one call. */
  admitRequest(request: KeyRequest): Promise<KeyVerdict>;
  /** Counts the messages of a task among those of today, all or none: daily caps hold for whatever a key sends. */
  countTask(messages: number, micros: number): Promise<DayCounted>;
  /** JSON array text of DueRecipient → one each, in order: why a message that was accepted earlier may not go any more; null = may go. */
  screenDue(recipientsJson: string): Promise<readonly (BlockReason | null)[]>;
  /** The request was refused after all: counters and repeat key are as before it. */
  takeBack(ticket: string): Promise<void>;
  /** The answer that a repeat of this request gets for IDEMPOTENCY_LIFETIME_MS. */
  remember(repeatKey: string, answer: string): Promise<void>;
  /** The run of this request died of something unexpected: its repeat takes over at once. */
  abandon(repeatKey: string): Promise<void>;
  configure(settings: KeySettings): Promise<void>;
  /** Two changes of different settings do not undo each other. @returns what was before; null for a key that was never configured */
  patch(changes: KeyChanges): Promise<KeySettings | null>;
  /** Adds a secret (SHA-256 hex); with SECRETS_PER_KEY live ones the oldest goes. */
  addSecret(sha256Hex: string): Promise<void>;
  /** @returns false for the last one, which stays, and for one that is not there */
  removeSecret(n: number): Promise<boolean>;
  facts(): Promise<KeyFacts>;
  blacklistCounts(): Promise<{ readonly numbers: number; readonly countries: readonly Iso2[] }>;
  /** JSON array text of recipients (numbers) → those on the blacklist. */
  screen(recipientsJson: string): Promise<readonly number[]>;
  /** @param source the inbound message that caused it */
  addNumbers(recipientsJson: string, reason: 'user' | 'opt_out', source?: string): Promise<{ readonly added: number }>;
  /**
   * One piece of a file, added by a user. A piece that is there already changes nothing.
   * @param through position in the file, growing from piece to piece
   * @returns how many numbers of the whole file were new so far
   */
  importNumbers(id: BlacklistImportId, through: number, recipientsJson: string): Promise<{ readonly added: number }>;
  removeNumbers(recipientsJson: string): Promise<{ readonly removed: number }>;
  /** In the order of the numbers, above `after`. */
  listNumbers(after: number, limit: number): Promise<readonly ListedNumber[]>;
  setCountries(countries: readonly Iso2[]): Promise<void>;
}

/** What the API messages of a shard cost so far, absolutely. */
export interface SpentByShard {
  /** Grows with whatever the shard says of its ceiling: what is older changes none. */
  readonly turn: number;
  /** Of the totals: what is older changes no cost. */
  readonly version: number;
  readonly costMicros: number;
}

export type ShardSettled =
  /** The messages of the shard may cost so much in all; `availableMicros`: what the tenant could spend on them beside their cost. */
  | { readonly kind: 'settled'; readonly ceilingMicros: number; readonly availableMicros: number }
  /** A later turn was there before; nothing was set aside. */
  | { readonly kind: 'stale'; readonly turn: number };

/** One per tenant: balance and reservations, micro-EUR. Every entry has a reference; a repeat of a reference changes nothing. */
export interface LedgerEntry extends Record<string, string | number> {
  readonly n: number;
  readonly reference: string;
  readonly kind: 'top_up' | 'reserve' | 'settle';
  readonly micros: number;
  readonly at: number;
}

export interface TenantLedgerApi {
  /** Exact to the message: shards that have money set aside are asked what they spent. What they did not is available. */
  balance(): Promise<{ readonly balanceMicros: number; readonly reservedMicros: number; readonly availableMicros: number }>;
  /** Less than zero corrects an entry. @returns false when this reference was there already, and nothing changed */
  topUp(reference: string, micros: number): Promise<boolean>;
  /** How far below zero the balance may go, micro-EUR. */
  setCredit(micros: number): Promise<void>;
  /** Holds `micros` for `reference`. A repeat with another amount replaces it if it can; once it is settled, a repeat holds nothing. */
  reserve(reference: string, micros: number): Promise<{ readonly ok: true } | { readonly ok: false; readonly availableMicros: number }>;
  /**
   * Ends a reservation: `micros` are spent, the rest is free again. Once more with another amount it corrects what was spent, for a late receipt may
   * say that a message cost nothing. What was never reserved is not spent.
   */
  settle(reference: string, micros: number): Promise<void>;
  /** Ends a reservation for which nothing was spent; it may be made again. What was settled stays. */
  release(reference: string): Promise<void>;
  /**
   * Takes what the API messages of a shard cost, and sets money aside for more of them: `wanted`, or as much as there is, but nothing new
   * where that is less than `needed`. What other shards have and do not spend is called back first. See durable-objects/message-shard/allowance.ts.
   */
  settleShard(shard: ShardNumber, spent: SpentByShard, needed: number, wanted: number): Promise<ShardSettled>;
  /** Newest first, below `before`. */
  entries(limit: number, before?: number | null): Promise<readonly LedgerEntry[]>;
}

export type GuardedTry = { readonly kind: 'allowed' } | { readonly kind: 'locked'; readonly untilAt: number };
export type CodeIssue =
  | { readonly kind: 'issued' }
  | { readonly kind: 'too_soon'; readonly againAt: number }
  | { readonly kind: 'daily_limit' };

/** One per account (and one per address): wrong passwords, codes (hashed), resend limits. */
export interface LoginGuardApi {
  /**
   * Counts one try as wrong before the password is looked at, so that tries at the same moment cannot pass the limit together.
   * The `limit`th try within `lockMs` of the first still is allowed and locks what follows for `lockMs`, unless it was right.
   */
  tryPassword(now: number, limit: number, lockMs: number): Promise<GuardedTry>;
  /** The last try was right: takes back that one, or forgets all tries and the lock with them. */
  passwordRight(forgets: 'one' | 'all'): Promise<void>;
  /** Remembers a code's hash for one purpose; an older code of that purpose dies. */
  issueCode(purpose: 'sign_in' | 'reset', codeHash: string, now: number): Promise<CodeIssue>;
  /** Right once; CODE_WRONG_TRIES wrong tries kill the code. With `keep` a right code stays good, for a look before its use. */
  redeemCode(purpose: 'sign_in' | 'reset', codeHash: string, now: number, keep?: 'keep'): Promise<'right' | 'wrong'>;
}
