/** What the console says of keys and of their blacklists, and the verbs behind its pages about them. */
import type { Actor, Page } from './console';
import type { RowRejection } from './errors';
import type { Iso2, KeyId } from './ids';
import type { TrafficKind } from './states';

/** Changing a key changes what the tenant's servers may do: its owners do that. */
export const managesKeys = (actor: Pick<Actor, 'role'>): boolean => actor.role === 'owner';

export interface KeySecretView {
  /** Names it among the key's secrets. */
  readonly n: number;
  /** ms UTC; null for one from before this was kept. */
  readonly addedAt: number | null;
}
/** What a tenant may bound by itself. */
export interface KeyLimits {
  /** IPv4, IPv6 or CIDR; [] = any. */
  readonly ipAllowlist: readonly string[];
  /** A UTC day; null = no cap. */
  readonly dailyMessages: number | null;
  /** Micro-EUR a UTC day; null = no cap. */
  readonly dailySpendMicros: number | null;
  /** null = any. */
  readonly countries: readonly Iso2[] | null;
}
export interface KeyView extends KeyLimits {
  readonly id: KeyId;
  readonly name: string;
  readonly kind: TrafficKind;
  readonly test: boolean;
  readonly enabled: boolean;
  readonly perSecond: number;
  /** The oldest first. */
  readonly secrets: readonly KeySecretView[];
  /** Of the API, to the minute, ms UTC; null = never. */
  readonly usedAt: number | null;
  readonly createdAt: number;
}

export interface KeyServices {
  /** By name. */
  list(actor: Actor): Promise<readonly KeyView[]>;
  /** @throws AppError not_found */
  find(actor: Actor, id: KeyId): Promise<KeyView>;
  /** @throws AppError forbidden, not_found, invalid_request with every field that is wrong */
  limit(actor: Actor, id: KeyId, limits: KeyLimits): Promise<void>;
  switchOn(actor: Actor, id: KeyId, enabled: boolean): Promise<void>;
  /** A new secret, this once. With SECRETS_PER_KEY live ones the oldest ends. */
  addSecret(actor: Actor, id: KeyId): Promise<{ readonly secret: string }>;
  /** @throws AppError conflict for the last one */
  removeSecret(actor: Actor, id: KeyId, n: number): Promise<void>;
}

export interface BlacklistedNumber {
  /** E.164 digits without plus. */
  readonly digits: string;
  readonly addedAt: number;
  /** `user` or `opt_out` */
  readonly reason: string;
  /** The inbound message that caused it; null where nobody wrote. */
  readonly cause: { readonly text: string; readonly receivedAt: number } | null;
}
export interface NumberRejected {
  readonly input: string;
  readonly code: RowRejection;
}

export interface BlacklistServices {
  counts(actor: Actor, key: KeyId): Promise<{ readonly numbers: number; readonly countries: readonly Iso2[] }>;
  /** In the order of the numbers. @param from only this number, as it was typed */
  list(actor: Actor, key: KeyId, cursor: string | null, search: string | null): Promise<Page<BlacklistedNumber>>;
  add(
    actor: Actor,
    key: KeyId,
    numbers: readonly string[],
  ): Promise<{ readonly added: number; readonly rejected: readonly NumberRejected[] }>;
  remove(
    actor: Actor,
    key: KeyId,
    numbers: readonly string[],
  ): Promise<{ readonly removed: number; readonly rejected: readonly NumberRejected[] }>;
  /** In place of those that were there. */
  setCountries(actor: Actor, key: KeyId, countries: readonly string[]): Promise<void>;
}
