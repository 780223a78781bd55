/** What the console says of keys and of their blacklists, and the verbs behind its pages about them. */
import type { Actor, Page } from './console';
import type { ErrorCode, RowRejection } from './errors';
import type { BlacklistImportId, Iso2, KeyId, UploadId } from './ids';
import type { ImportState, TrafficKind } from './states';

/** Changing a key changes what the tenant's servers may do: its owners do that. */
export const managesKeys = (actor: Pick<Actor, 'role'>): boolean => actor.role === 'owner';

/** How requests and receipts are signed on Vonage's side of things: `md5hash` as it began, the others HMAC. */
export const SIGNATURE_METHODS = ['md5hash', 'md5', 'sha1', 'sha256', 'sha512'] as const;

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
  /** Of the Vonage-compatible face; null = the key has no signature secret. */
  readonly signatureMethod: string | null;
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
  /** A new signature secret, this once, in place of the one before. @throws AppError invalid_request naming `method` */
  sign(actor: Actor, id: KeyId, method: string): Promise<{ readonly secret: string }>;
  /** No signature secret any more. */
  unsign(actor: Actor, id: KeyId): Promise<void>;
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
/** A file that is, or was, read into a blacklist. */
export interface BlacklistImportView {
  readonly id: BlacklistImportId;
  readonly fileName: string;
  readonly state: ImportState;
  /** What is being done while it runs. */
  readonly phase: 'unpacking' | 'counting' | 'adding';
  /** How far the phase is. */
  readonly bytesDone: number;
  readonly bytesTotal: number;
  /** Lines that are not blank. */
  readonly lines: number;
  /** Numbers that were new. */
  readonly added: number;
  /** Lines that are no numbers. */
  readonly refused: number;
  /** The first IMPORT_REFUSED_NAMED of them; none for those who see no numbers. */
  readonly named: readonly { readonly line: number; readonly value: string; readonly reason: RowRejection }[];
  /** Why it failed. */
  readonly error: { readonly code: ErrorCode; readonly details: Readonly<Record<string, string | number>> } | null;
  readonly createdAt: number;
}
export interface NumberRejected {
  readonly input: string;
  readonly code: RowRejection;
}

export interface BlacklistServices {
  counts(actor: Actor, key: KeyId): Promise<{ readonly numbers: number; readonly countries: readonly Iso2[] }>;
  /** In the order of the numbers. @param search only this number, as it was typed */
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
  /** Begins to read a finished upload. @throws AppError forbidden, not_found, upload_incomplete */
  startImport(actor: Actor, key: KeyId, upload: UploadId): Promise<BlacklistImportId>;
  /** The latest, newest first. */
  imports(actor: Actor, key: KeyId): Promise<readonly BlacklistImportView[]>;
  import(actor: Actor, id: BlacklistImportId): Promise<BlacklistImportView>;
  /** In place of those that were there. */
  setCountries(actor: Actor, key: KeyId, countries: readonly string[]): Promise<void>;
}
