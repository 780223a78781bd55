/** Vonage's words for the SMS API: statuses of an answer, statuses and error codes of a receipt. Source: Vonage SMS API reference and delivery receipt guide. */

/** `status` of one element of `messages[]`, with the `error-text` that goes with it. 1, 2 and 3 say more, see the functions below. */
export const STATUS_TEXTS = {
  1: 'Throughput Rate Exceeded - please wait [ 1000 ] and retry',
  2: 'Missing param',
  3: 'Invalid param',
  4: 'Bad Credentials',
  5: 'Internal Error',
  6: 'Unroutable message - rejected',
  7: 'Number Barred',
  8: 'Partner Account Barred',
  9: 'Quota Exceeded - rejected',
  10: 'Too Many Existing Binds',
  11: 'Account Not Enabled For HTTP',
  12: 'Message Too Long',
  14: 'Invalid Signature',
  15: 'Illegal Sender Address - rejected',
  22: 'Invalid Network Code',
  23: 'Invalid Callback Url',
  29: 'Non White-listed Destination - rejected',
  32: 'Signature And API Secret Disallowed',
  33: 'Number De-activated',
} as const;
export type RefusalStatus = keyof typeof STATUS_TEXTS;

export interface Refusal {
  readonly status: RefusalStatus;
  readonly text: string;
}
export const refusal = (status: RefusalStatus): Refusal => ({ status, text: STATUS_TEXTS[status] });
export const missing = (name: string): Refusal => ({ status: 2, text: `Missing ${name}` });
export const invalid = (text: string): Refusal => ({ status: 3, text });
/** @param waitMs until the next request of this account would be taken */
export const throttled = (waitMs: number): Refusal => ({
  status: 1,
  text: `Throughput Rate Exceeded - please wait [ ${waitMs} ] and retry`,
});

/** Answered before anybody has looked at the recipient, so the element carries no `to`. */
export const WITHOUT_RECIPIENT: ReadonlySet<RefusalStatus> = new Set([2, 3, 4, 14, 32]);

export const isRefusalStatus = (status: number): status is RefusalStatus => status in STATUS_TEXTS;
export const REFUSAL_STATUSES: readonly RefusalStatus[] = Object.keys(STATUS_TEXTS).map(Number).filter(isRefusalStatus);

/** `status` of a receipt. The first two are on the way, the others final. */
export type ReceiptStatus = 'accepted' | 'buffered' | 'delivered' | 'expired' | 'failed' | 'rejected' | 'unknown';

/** `err-code` of a receipt. */
export const ERROR_CODES = {
  0: 'delivered',
  1: 'unknown',
  2: 'absent subscriber, temporary',
  3: 'absent subscriber, permanent',
  4: 'call barred by user',
  5: 'portability error',
  6: 'anti-spam rejection',
  7: 'handset busy',
  8: 'network error',
  9: 'illegal number',
  10: 'illegal message',
  11: 'unroutable',
  12: 'destination unreachable',
  13: 'subscriber age restriction',
  14: 'number blocked by carrier',
  15: 'prepaid, insufficient funds',
  16: 'gateway quota exceeded',
  50: 'entity filter',
  51: 'header filter',
  52: 'content filter',
  53: 'consent filter',
  54: 'regulation error',
  99: 'general error',
} as const;
export const isErrorCode = (code: number): code is keyof typeof ERROR_CODES => code in ERROR_CODES;

/** The code that each outcome carries when nothing else is asked for. */
export const USUAL_ERROR_CODE = {
  accepted: 0,
  buffered: 0,
  delivered: 0,
  expired: 2,
  failed: 8,
  rejected: 14,
  unknown: 1,
} as const satisfies Record<ReceiptStatus, number>;

export const SIGNATURE_METHODS = ['md5hash', 'md5', 'sha1', 'sha256', 'sha512', 'none'] as const;
/** `md5hash` appends the secret and hashes; the others are HMACs; `none` sends unsigned webhooks, as Vonage does until signing is switched on. */
export type SignatureMethod = (typeof SIGNATURE_METHODS)[number];

export { CLIENT_REF_MAX } from '../../schema/limits';
/** Longest text in characters, callback URL; shortest and longest ttl in milliseconds. */
export const TEXT_MAX = 3_200;
export const CALLBACK_MAX = 255;
export const TTL_MIN_MS = 20_000;
export const TTL_MAX_MS = 604_800_000;
