/**
 * Identifiers. Every id is branded, so that a task id can't be passed where a tenant id is meant.
 * Random ids are Crockford base32 (no I, L, O, U), readable over the telephone.
 */
type Brand<T, Name extends string> = T & { readonly brand: Name };

export type TenantId = Brand<string, 'TenantId'>;
export type UserId = Brand<string, 'UserId'>;
export type SessionId = Brand<string, 'SessionId'>;
export type KeyId = Brand<string, 'KeyId'>;
export type CarrierAccountId = Brand<string, 'CarrierAccountId'>;
export type TemplateId = Brand<string, 'TemplateId'>;
export type SenderId = Brand<string, 'SenderId'>;
export type TaskId = Brand<string, 'TaskId'>;
export type UploadId = Brand<string, 'UploadId'>;
export type BlacklistImportId = Brand<string, 'BlacklistImportId'>;
export type ExportId = Brand<string, 'ExportId'>;
export type NoticeId = Brand<string, 'NoticeId'>;
export type ChallengeId = Brand<string, 'ChallengeId'>;
/** What a tenant applied for: a sender, signature or template for the mainland. */
export type ApprovalId = Brand<string, 'ApprovalId'>;
/** Of the service team, never of a tenant. */
export type OperatorId = Brand<string, 'OperatorId'>;
/** A customer's address for webhooks. */
export type EndpointId = Brand<string, 'EndpointId'>;
/** Shard number + row number + check character, see message-id.ts. Travels as the carrier's `client-ref`. */
export type MessageId = Brand<string, 'MessageId'>;
/** ISO 3166-1 alpha-2, upper case. */
export type Iso2 = Brand<string, 'Iso2'>;
/** Number of a message shard, given out by D1, never used twice. */
export type ShardNumber = Brand<number, 'ShardNumber'>;

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** One Crockford character a byte, 5 bits each. */
const characters = (bytes: Uint8Array): string => Array.from(bytes, (byte) => ALPHABET[byte & 31]).join('');
const randomCharacters = (length: number): string => characters(crypto.getRandomValues(new Uint8Array(length)));

/** 20 characters, 100 bits: unique without asking anybody. */
const OPAQUE_LENGTH = 20;
const opaque = (prefix: string): string => `${prefix}_${randomCharacters(OPAQUE_LENGTH)}`;

export const newTenantId = (): TenantId => opaque('tn') as TenantId;
export const newUserId = (): UserId => opaque('us') as UserId;
export const newApprovalId = (): ApprovalId => opaque('ap') as ApprovalId;
export const newOperatorId = (): OperatorId => opaque('op') as OperatorId;
export const newSessionId = (): SessionId => opaque('se') as SessionId;
export const newCarrierAccountId = (): CarrierAccountId => opaque('ca') as CarrierAccountId;
export const newTemplateId = (): TemplateId => opaque('tp') as TemplateId;
export const newSenderId = (): SenderId => opaque('sn') as SenderId;
export const newUploadId = (): UploadId => opaque('up') as UploadId;
export const newBlacklistImportId = (): BlacklistImportId => opaque('bi') as BlacklistImportId;
/** @param seed what it follows from, at least 20 bytes that look random; absent = anything new */
export const newExportId = (seed?: Uint8Array): ExportId =>
  (seed ? `ex_${characters(seed.subarray(0, OPAQUE_LENGTH))}` : opaque('ex')) as ExportId;
export const newNoticeId = (): NoticeId => opaque('no') as NoticeId;
export const newEndpointId = (): EndpointId => opaque('wh') as EndpointId;
export const newChallengeId = (): ChallengeId => opaque('ch') as ChallengeId;
/**
 * What people read out: T-8F2K0-19QZV, 50 bits; the primary key refuses the one in a billion that meets another.
 * @param seed as of `newExportId`
 */
export function newTaskId(seed?: Uint8Array): TaskId {
  const whole = seed ? characters(seed.subarray(0, 10)) : randomCharacters(10);
  return `T-${whole.slice(0, 5)}-${whole.slice(5)}` as TaskId;
}
/** A `baseKey` is its key's id: 16 characters, what API clients put in front of the secret. */
export const newKeyId = (): KeyId => `JM${randomCharacters(14)}` as KeyId;
/** 160 bits of secret for an API key, shown once. */
export const newKeySecret = (): string => randomCharacters(32);
