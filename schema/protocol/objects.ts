/** RPC surfaces of the smaller objects. All calls are idempotent or say what a repeat does. */
import type { Iso2, KeyId, ShardNumber, TenantId } from '../ids';
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
  throttled(perSecond: number): Promise<void>;
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
}

export type Admission =
  | { readonly kind: 'admitted'; readonly settings: KeySettings }
  | { readonly kind: 'unknown_key' | 'disabled' | 'bad_secret' | 'address_refused' }
  | { readonly kind: 'rate_limited'; readonly retryAfterMs: number };

/** One per key: secrets, switch, token bucket, blacklist. */
export interface KeyGateApi {
  configure(settings: KeySettings): Promise<void>;
  /** Adds a secret (SHA-256 hex); with SECRETS_PER_KEY live ones the oldest goes. */
  addSecret(sha256Hex: string): Promise<void>;
  revokeSecret(sha256Hex: string): Promise<void>;
  /** Secret, switch, address, `tokens` of the bucket, in one call. A null secret means the platform itself sends. */
  admit(request: { readonly secretSha256: string | null; readonly address: string | null; readonly tokens: number }): Promise<Admission>;
  blacklistCounts(): Promise<{ readonly numbers: number; readonly countries: readonly Iso2[] }>;
  /** JSON array text of recipients (numbers) → those on the blacklist. */
  screen(recipientsJson: string): Promise<readonly number[]>;
  addNumbers(recipientsJson: string, reason: 'user' | 'opt_out'): Promise<{ readonly added: number }>;
  removeNumbers(recipientsJson: string): Promise<{ readonly removed: number }>;
  listNumbers(
    after: number,
    limit: number,
  ): Promise<readonly { readonly recipient: number; readonly addedAt: number; readonly reason: string }[]>;
  setCountries(countries: readonly Iso2[]): Promise<void>;
}

/** One per tenant: balance and reservations, micro-EUR. Every entry has a reference; a repeat of a reference changes nothing. */
export interface TenantLedgerApi {
  balance(): Promise<{ readonly balanceMicros: number; readonly reservedMicros: number; readonly availableMicros: number }>;
  topUp(reference: string, micros: number): Promise<void>;
  /** Holds `micros` for `reference`. A repeat with another amount replaces it if it can. */
  reserve(reference: string, micros: number): Promise<{ readonly ok: true } | { readonly ok: false; readonly availableMicros: number }>;
  /** Ends a reservation: `micros` are spent, the rest is free again. Without a reservation nothing happens. */
  settle(reference: string, micros: number): Promise<void>;
  entries(
    limit: number,
  ): Promise<
    readonly { readonly reference: string; readonly kind: 'top_up' | 'reserve' | 'settle'; readonly micros: number; readonly at: number }[]
  >;
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

export type ShardRef = { readonly shard: ShardNumber; readonly tenant: TenantId };
