/**
 * Vonage's answers and receipts in our words (Vonage SMS API reference: "SMS API error codes", "Delivery receipts").
 * `error` is what the log and the API show as the code of a failed message; it is stable.
 */
import { BLOCK_REASONS } from '../../schema/errors';
import type { Locale, MessageState } from '../../schema/states';

interface StatusText {
  readonly textEn: string;
  readonly textZh: string;
}

export interface SendStatus extends StatusText {
  /** Vonage's `status` in the answer to a send. */
  readonly status: number;
  readonly error: string;
  /** The same request may be sent again: Vonage did not take the message. */
  readonly retry: boolean;
}

const sendStatus = (status: number, error: string, textEn: string, textZh: string, retry = false): SendStatus => ({
  status,
  error,
  retry,
  textEn,
  textZh,
});

export const SEND_STATUSES: readonly SendStatus[] = [
  sendStatus(0, 'ok', 'Accepted by the carrier', '运营商已接收'),
  sendStatus(1, 'throttled', 'Sent faster than the carrier account allows', '超出通道发送速率', true),
  sendStatus(2, 'missing_parameter', 'The request lacks a parameter', '请求缺少参数'),
  sendStatus(3, 'invalid_parameter', 'A parameter of the request is not valid', '请求参数无效'),
  sendStatus(4, 'invalid_credentials', 'The credentials of the carrier account were refused', '通道账号认证失败'),
  sendStatus(5, 'carrier_internal_error', 'Internal error at the carrier', '通道内部错误', true),
  sendStatus(6, 'invalid_message', 'The carrier could not process the message', '通道无法处理该短信'),
  sendStatus(7, 'number_barred', 'The number is barred by the carrier', '号码被通道禁止'),
  sendStatus(8, 'account_barred', 'The carrier account is barred', '通道账号已被禁用'),
  sendStatus(9, 'carrier_credit_exhausted', 'The carrier account has no credit left', '通道账号额度不足'),
  sendStatus(10, 'too_many_binds', 'Too many connections to the carrier', '通道连接数过多', true),
  sendStatus(11, 'http_not_enabled', 'The carrier account is not enabled for HTTP', '通道账号未开通 HTTP 接口'),
  sendStatus(12, 'message_too_long', 'The message is too long', '短信过长'),
  sendStatus(14, 'invalid_signature', 'The signature of the request was refused', '请求签名无效'),
  sendStatus(15, 'invalid_sender', 'The sender is not allowed', '发送方（From）不被允许'),
  sendStatus(22, 'invalid_network_code', 'The network code is not valid', '网络代码无效'),
  sendStatus(23, 'invalid_callback', 'The callback URL is not valid', '回调地址无效'),
  sendStatus(29, 'number_not_whitelisted', 'The number is not on the whitelist of the trial account', '号码不在试用账号的白名单中'),
  sendStatus(32, 'signature_and_secret', 'Signature and secret were both sent', '签名与密钥不能同时使用'),
  sendStatus(33, 'number_deactivated', 'The number is deactivated', '号码已停用'),
];

const BY_STATUS = new Map(SEND_STATUSES.map((entry) => [entry.status, entry]));

/** A status that Vonage adds later is a failure that must not be sent again. */
export function sendStatusOf(status: number): SendStatus {
  return (
    BY_STATUS.get(status) ??
    sendStatus(status, 'carrier_refused', `Refused by the carrier (status ${status})`, `通道拒绝（状态 ${status}）`)
  );
}

/** The account was refused, not the message: nothing of it was taken, and another account may carry it. */
const ACCOUNT_REFUSALS: ReadonlySet<string> = new Set([4, 8, 9, 11, 14].map((status) => sendStatusOf(status).error));
export const refusesAccount = (error: string): boolean => ACCOUNT_REFUSALS.has(error);

/** What a receipt's status makes of a message; null: on its way, nothing to change. */
export type ReceiptState = Extract<MessageState, 'delivered' | 'expired' | 'failed' | 'rejected' | 'unknown'> | null;

const RECEIPT_STATES: Readonly<Record<string, ReceiptState>> = {
  accepted: null,
  buffered: null,
  delivered: 'delivered',
  expired: 'expired',
  failed: 'failed',
  rejected: 'rejected',
  unknown: 'unknown',
};

/** @param status as received; a word that Vonage adds later counts as `unknown`, which a later receipt may still correct. */
export function receiptState(status: string): ReceiptState {
  const word = status.toLowerCase();
  return Object.hasOwn(RECEIPT_STATES, word) ? (RECEIPT_STATES[word] ?? null) : 'unknown';
}

export interface ReceiptError extends StatusText {
  /** Vonage's `err-code`. */
  readonly code: number;
  readonly error: string;
}

const receiptError = (code: number, error: string, textEn: string, textZh: string): ReceiptError => ({ code, error, textEn, textZh });

export const RECEIPT_ERRORS: readonly ReceiptError[] = [
  receiptError(0, 'ok', 'Delivered', '已送达'),
  receiptError(1, 'unknown_error', 'Unknown error', '未知错误'),
  receiptError(2, 'absent_temporary', 'The phone was not reachable for a time', '用户暂时不在服务区'),
  receiptError(3, 'absent_permanent', 'The number is no longer in use', '号码已停用'),
  receiptError(4, 'barred_by_user', 'The recipient refuses messages', '被用户拒收'),
  receiptError(5, 'portability_error', 'The number moved to another network', '携号转网错误'),
  receiptError(6, 'spam_rejected', 'Refused as spam', '被判定为垃圾短信'),
  receiptError(7, 'handset_busy', 'The phone was busy', '用户终端忙'),
  receiptError(8, 'network_error', 'Error in the network', '网络错误'),
  receiptError(9, 'illegal_number', 'The number is not valid', '号码无效'),
  receiptError(10, 'illegal_message', 'The message is not valid', '短信内容无效'),
  receiptError(11, 'unroutable', 'No route to this number', '号码无法路由'),
  receiptError(12, 'unreachable', 'The destination cannot be reached', '目的地不可达'),
  receiptError(13, 'age_restriction', 'Refused for the age of the subscriber', '受用户年龄限制'),
  receiptError(14, 'carrier_blocked', 'Blocked by the mobile network', '被移动网络屏蔽'),
  receiptError(15, 'prepaid_funds', 'The recipient’s prepaid account has no funds', '用户预付费余额不足'),
  receiptError(16, 'quota_exceeded', 'The quota of the sender is used up', '发送配额已用完'),
  receiptError(50, 'entity_filter', 'Blocked by an entity filter', '被主体规则拦截'),
  receiptError(51, 'header_filter', 'Blocked by a sender filter', '被发送方规则拦截'),
  receiptError(52, 'content_filter', 'Blocked by a content filter', '被内容规则拦截'),
  receiptError(53, 'consent_filter', 'Blocked for lack of consent', '缺少用户同意'),
  receiptError(54, 'regulation_error', 'Blocked by regulation', '受法规限制'),
  receiptError(99, 'general_error', 'General error', '一般错误'),
];

const BY_RECEIPT_CODE = new Map(RECEIPT_ERRORS.map((entry) => [entry.code, entry]));

/** @param code null when the receipt carried none. */
export function receiptErrorOf(code: number | null): ReceiptError {
  const shown = code ?? 1;
  return BY_RECEIPT_CODE.get(shown) ?? receiptError(shown, 'carrier_error', `Error ${shown} of the carrier`, `运营商错误 ${shown}`);
}

/** Codes that are not Vonage's: what happened to the request itself. */
const OWN_ERRORS: Readonly<Record<string, StatusText>> = {
  no_receipt: { textEn: 'No receipt within 72 hours', textZh: '72 小时内未收到状态报告' },
  answer_lost: { textEn: 'The carrier’s answer was lost', textZh: '未收到通道应答' },
  carrier_unavailable: { textEn: 'The carrier could not be reached', textZh: '通道无法连接' },
  carrier_refused: { textEn: 'Refused by the carrier', textZh: '通道拒绝' },
  carrier_error: { textEn: 'Error of the carrier', textZh: '运营商错误' },
};

const BY_ERROR = new Map<string, StatusText>([
  ...Object.entries(BLOCK_REASONS).map(([code, { zh, en }]) => [code, { textEn: en, textZh: zh }] as const),
  ...Object.entries(OWN_ERRORS),
  ...RECEIPT_ERRORS.map((entry) => [entry.error, entry] as const),
  ...SEND_STATUSES.map((entry) => [entry.error, entry] as const),
]);

/** Text of a stored error code; the code itself when nobody knows it. */
export function messageErrorText(error: string, locale: Locale): string {
  const found = BY_ERROR.get(error);
  if (found === undefined) return error;
  return locale === 'zh-CN' ? found.textZh : found.textEn;
}
