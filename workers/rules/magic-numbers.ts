/**
 * Recipients with a fixed outcome, whatever the knobs say: +1 500 555 and four digits. No person has such a number (500 is not a geographic
 * code), and libphonenumber calls it valid, so it passes every check on the way. Test keys and the carrier simulator use the same table.
 */
import { ERROR_CODES, REFUSAL_STATUSES, STATUS_TEXTS, USUAL_ERROR_CODE } from './vonage-words';
import type { ReceiptStatus, RefusalStatus } from './vonage-words';

export const MAGIC_PREFIX = '1500555';

/** What goes wrong with the HTTP answer. Those in NOT_ACCEPTED happen before the message was taken: repeating the request is safe. */
export type Fault =
  | 'http_500'
  | 'http_502'
  | 'http_503'
  | 'hang'
  | 'truncated_json'
  | 'html_page'
  | 'no_messages'
  | 'answer_lost'
  | 'answer_hangs'
  | 'mixed_parts';
export const NOT_ACCEPTED: ReadonlySet<Fault> = new Set(['http_500', 'http_502', 'http_503', 'hang']);

export interface ReceiptPlan {
  /** null: no receipt ever comes. */
  readonly status: ReceiptStatus | null;
  readonly errCode: number;
  /** Comes `lateReceiptMs` after it should. */
  readonly late: boolean;
  readonly twice: boolean;
  /** A `buffered` receipt goes before the final one, or, out of order, after it. */
  readonly buffered: 'never' | 'before' | 'after';
  /** Reaches the platform before the answer to the send does. */
  readonly beforeAnswer: boolean;
  readonly wrongSignature: boolean;
}

export interface MagicOutcome {
  /** What a person reads in the table. */
  readonly meaning: string;
  /** Status of the answer when it is not 0. */
  readonly refuse: RefusalStatus | null;
  readonly fault: Fault | null;
  /** The refusal or fault meets only the first try of a client-ref; the next one is taken. */
  readonly onlyFirstTry: boolean;
  readonly receipt: ReceiptPlan;
}

export const DELIVERED: ReceiptPlan = {
  status: 'delivered',
  errCode: 0,
  late: false,
  twice: false,
  buffered: 'never',
  beforeAnswer: false,
  wrongSignature: false,
};
const PLAIN: MagicOutcome = { meaning: 'delivered', refuse: null, fault: null, onlyFirstTry: false, receipt: DELIVERED };

const receipt = (meaning: string, plan: Partial<ReceiptPlan>): MagicOutcome => ({ ...PLAIN, meaning, receipt: { ...DELIVERED, ...plan } });
const fault = (meaning: string, name: Fault): MagicOutcome => ({ ...PLAIN, meaning, fault: name });
const ends = (status: ReceiptStatus): MagicOutcome => receipt(status, { status, errCode: USUAL_ERROR_CODE[status] });

const failures = Object.entries(ERROR_CODES)
  .filter(([code]) => code !== '0')
  .map(([code, text]): [number, MagicOutcome] => [
    1_000 + Number(code),
    receipt(`failed, err-code ${code}: ${text}`, { status: 'failed', errCode: Number(code) }),
  ]);
const refusals = REFUSAL_STATUSES.map((status): [number, MagicOutcome] => [
  2_000 + status,
  { ...PLAIN, meaning: `answered with status ${status}: ${STATUS_TEXTS[status]}`, refuse: status },
]);

/** Last four digits → outcome. What is not listed here is delivered. */
export const MAGIC_OUTCOMES: ReadonlyMap<number, MagicOutcome> = new Map<number, MagicOutcome>([
  [0, PLAIN],
  ...failures,
  ...refusals,
  [3_001, ends('expired')],
  [3_002, ends('rejected')],
  [3_003, ends('unknown')],
  [3_004, receipt('no receipt ever', { status: null })],
  [3_005, receipt('delivered, receipt late', { late: true })],
  [3_006, receipt('delivered, receipt twice', { twice: true })],
  [3_007, receipt('buffered, then delivered', { buffered: 'before' })],
  [3_008, receipt('delivered, then a stale buffered: out of order', { buffered: 'after' })],
  [3_009, receipt('delivered, receipt before the answer', { beforeAnswer: true })],
  [3_010, receipt('delivered, receipt with a wrong signature', { wrongSignature: true })],
  [4_001, fault('HTTP 500, not accepted', 'http_500')],
  [4_002, fault('HTTP 502, not accepted', 'http_502')],
  [4_003, fault('HTTP 503, not accepted', 'http_503')],
  [4_004, fault('no answer, not accepted', 'hang')],
  [4_005, fault('accepted, 200 with half a JSON', 'truncated_json')],
  [4_006, fault('accepted, 200 with an HTML page', 'html_page')],
  [4_007, fault('accepted, 200 with no messages', 'no_messages')],
  [4_008, fault('accepted, connection closed without an answer', 'answer_lost')],
  [4_009, fault('accepted, no answer', 'answer_hangs')],
  [4_010, fault('of a text of several parts the last is throttled', 'mixed_parts')],
  [4_011, { ...fault('first try HTTP 503, then accepted', 'http_503'), onlyFirstTry: true }],
  [4_012, { ...PLAIN, meaning: 'first try throttled, then accepted', refuse: 1, onlyFirstTry: true }],
]);

/** @param to digits as Vonage wants them, no leading + @returns null for everybody else's number */
export function magicOutcome(to: string): MagicOutcome | null {
  if (to.length !== 11 || !to.startsWith(MAGIC_PREFIX)) return null;
  return MAGIC_OUTCOMES.get(Number(to.slice(MAGIC_PREFIX.length))) ?? PLAIN;
}
