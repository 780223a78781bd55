/**
 * Every error code, once: its HTTP status and its text in both languages. Texts may hold {placeholders} filled from `details`.
 * Codes are stable: clients rely on them. Expected outcomes are values; AppError is for leaving early with one of these codes.
 */
import type { Locale } from './states';

interface ErrorEntry {
  readonly status: number;
  readonly zh: string;
  readonly en: string;
}

/** Of a message, and of a task as a whole. */
const DAILY_CAPS = {
  daily_messages: { zh: '超出该锦木Key 的每日条数上限', en: 'The daily number of messages of the key is used up' },
  daily_spend: { zh: '超出该锦木Key 的每日费用上限', en: 'The daily budget of the key is used up' },
} as const;

export const ERRORS = {
  invalid_request: { status: 400, zh: '请求内容有误', en: 'The request is not valid' },
  malformed_json: { status: 400, zh: '请求体不是有效的 JSON', en: 'The body is not valid JSON' },
  not_signed_in: { status: 401, zh: '请先登录', en: 'Please sign in' },
  sign_in_refused: { status: 401, zh: '账号或密码不正确', en: 'The account or the password is not right' },
  code_refused: { status: 401, zh: '验证码不正确或已失效', en: 'The code is not right or no longer valid' },
  challenge_gone: { status: 401, zh: '登录已超时，请重新登录', en: 'This sign-in has timed out, please start again' },
  authentication_failed: { status: 401, zh: '认证失败', en: 'Authentication failed' },
  password_change_required: { status: 403, zh: '首次登录请先修改密码', en: 'Please change your first password' },
  key_disabled: { status: 403, zh: '锦木Key 已停用', en: 'This key is switched off' },
  address_refused: { status: 403, zh: '该 IP 地址不在此锦木Key 的白名单中', en: 'This address is not on the allowlist of the key' },
  forbidden: { status: 403, zh: '没有权限执行此操作', en: 'You do not have the right to do this' },
  key_not_allowed: {
    status: 403,
    zh: '此锦木Key 的类别或测试状态不允许执行此操作',
    en: 'This is not for a key of this kind, or not for a test key',
  },
  cross_site: { status: 403, zh: '拒绝跨站请求', en: 'Cross-site requests are refused' },
  bad_signature: { status: 403, zh: '签名不正确', en: 'The signature is not right' },
  not_found: { status: 404, zh: '未找到', en: 'Not found' },
  method_not_allowed: { status: 405, zh: '不支持的请求方法', en: 'This method is not allowed here' },
  conflict: { status: 409, zh: '当前状态不允许此操作', en: 'This is not possible in the present state' },
  approval_gone: {
    status: 409,
    zh: '发送方、签名或模板的审核已失效',
    en: 'Its sender, signature or template is not approved any more',
  },
  request_in_progress: {
    status: 409,
    zh: '使用相同 Idempotency-Key 的请求仍在处理中',
    en: 'A request with this Idempotency-Key is still running',
  },
  last_owner: { status: 409, zh: '每个客户至少要有一位启用的负责人', en: 'A tenant keeps at least one owner who is switched on' },
  not_scheduled: { status: 409, zh: '该短信不在定时等待中，无法取消', en: 'This message does not wait for its time any more' },
  idempotency_mismatch: {
    status: 422,
    zh: '该 Idempotency-Key 已用于另一请求',
    en: 'This Idempotency-Key was used for another request',
  },
  gone: { status: 410, zh: '文件已过期', en: 'The file has expired' },
  too_large: { status: 413, zh: '请求过大', en: 'The request is too large' },
  unsupported_media_type: { status: 415, zh: '不支持的内容类型', en: 'This content type is not supported' },
  range_not_satisfiable: { status: 416, zh: '请求的范围无效', en: 'The requested range is not available' },
  locked: { status: 429, zh: '尝试次数过多，请 {minutes} 分钟后再试', en: 'Too many tries, please try again in {minutes} minutes' },
  code_too_soon: { status: 429, zh: '请 {seconds} 秒后再获取验证码', en: 'Please ask for another code in {seconds} seconds' },
  daily_messages: { status: 429, ...DAILY_CAPS.daily_messages },
  daily_spend: { status: 429, ...DAILY_CAPS.daily_spend },
  code_daily_limit: { status: 429, zh: '今天的验证码次数已用完', en: 'No more codes can be sent today' },
  rate_limited: { status: 429, zh: '请求过于频繁', en: 'Too many requests' },
  insufficient_balance: {
    status: 402,
    zh: '余额不足：需要 {needed}，可用 {available}',
    en: 'The balance is too low: {needed} needed, {available} available',
  },
  upload_incomplete: { status: 409, zh: '文件尚未上传完整', en: 'The file is not completely uploaded' },
  upload_part_size: { status: 400, zh: '分片大小不正确', en: 'The part has the wrong size' },
  file_type: {
    status: 400,
    zh: '文件类型不支持，请使用 xlsx、csv、txt 或其 .gz',
    en: 'This file type is not supported; use xlsx, csv, txt or their .gz',
  },
  file_empty: { status: 400, zh: '文件里没有任何号码', en: 'The file holds no numbers' },
  file_not_xlsx: { status: 400, zh: '文件不是有效的 xlsx', en: 'The file is not a valid xlsx' },
  file_not_gzip: { status: 400, zh: '文件不是有效的 gzip', en: 'The file is not valid gzip' },
  file_too_many_rows: { status: 400, zh: '文件超过 {max} 行', en: 'The file has more than {max} rows' },
  file_unpacks_too_large: { status: 400, zh: '文件解压后过大', en: 'The file unpacks to too much' },
  file_line_too_long: { status: 400, zh: '第 {line} 行过长', en: 'Line {line} is too long' },
  file_binary: { status: 400, zh: '文件不是文本文件', en: 'The file is not a text file' },
  variable_unknown: { status: 400, zh: '文件中没有名为“{name}”的列', en: 'The file has no column named “{name}”' },
  nothing_to_send: { status: 409, zh: '没有可发送的号码', en: 'There is nobody to send to' },
  templates_full: {
    status: 409,
    zh: '短信模板最多 {max} 个，请先删除不用的',
    en: 'There are {max} templates, which is the most: please delete one first',
  },
  export_not_ready: { status: 409, zh: '导出尚未完成', en: 'The export is not ready yet' },
  server_error: { status: 500, zh: '系统出错，请稍后再试', en: 'Something went wrong on our side, please try again' },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

/** Codes for one field of a form or one row of a file. */
export const FIELD_ERRORS = {
  required: { zh: '必填', en: 'Required' },
  invalid: { zh: '格式不正确', en: 'Not valid' },
  too_long: { zh: '过长，最多 {max} 个字符', en: 'Too long: {max} characters at most' },
  too_short: { zh: '过短，至少 {min} 个字符', en: 'Too short: {min} characters at least' },
  sender_invalid: {
    zh: 'From 须为最多 11 位字母数字或最多 15 位数字，不含空格',
    en: 'The sender has up to 11 letters and digits or up to 15 digits, no spaces',
  },
  in_the_past: { zh: '时间已过', en: 'This time has passed' },
  password_weak: { zh: '密码太简单', en: 'The password is too easy to guess' },
  password_same: { zh: '新密码不能与旧密码相同', en: 'The new password must differ from the old one' },
  not_found: { zh: '不存在', en: 'Does not exist' },
  variable_syntax: { zh: '变量写法不正确', en: 'A variable is not written correctly' },
  unknown_field: { zh: '未知字段', en: 'There is no such field' },
  duplicate_field: { zh: '字段重复', en: 'The field is there twice' },
  not_text: { zh: '含有无法发送的字符', en: 'Holds characters that are no text' },
  one_of: { zh: '{fields} 须且只能填写一项', en: 'Exactly one of {fields} is needed' },
  too_many: { zh: '过多，最多 {max} 项', en: 'Too many: {max} at most' },
  period_too_long: { zh: '时间范围过长，最多 {days} 天', en: 'The period is too long: {days} days at most' },
  signature_invalid: {
    zh: '签名须为 2–12 个字符，不含【】和空格',
    en: 'A signature has 2 to 12 characters, no blanks and no 【】',
  },
  signature_in_body: { zh: '正文中不能含【】，签名由平台自动添加', en: 'The body holds no 【】: the platform adds the signature itself' },
  file_too_large: { zh: '每个文件不超过 5 MB', en: 'A file has 5 MB at most' },
  file_kind: { zh: '仅支持 PNG、JPEG 和 PDF', en: 'Only PNG, JPEG and PDF are taken' },
  not_approved: { zh: '未经审核通过', en: 'Not approved by our service team' },
  departs_from_template: { zh: '内容与已审核的模板不一致', en: 'The text departs from the approved template' },
  name_taken: { zh: '已有同名的短信模板', en: 'There is a template of this name already' },
  last_carrier: {
    zh: '有 {keys} 个启用的锦木Key 只通过此账号发送，请先改绑',
    en: 'Keys that are on and send through this account alone: {keys}. Bind them to another one first',
  },
  carrier_off: { zh: '所选账号均已停用', en: 'None of these accounts is on' },
  taken: { zh: '已被使用', en: 'Somebody else has this already' },
  not_repeatable: { zh: '此调用不支持该请求头', en: 'This call does not take one' },
  address_not_public: { zh: '须为公网可访问的地址', en: 'This address is not on the public internet' },
} as const;
export type FieldErrorCode = keyof typeof FIELD_ERRORS;

/** Reasons for which one row of an uploaded file is not sent; `value` names the variable or the key's list. */
export const ROW_REJECTIONS = {
  empty: { zh: '号码为空', en: 'The number is empty' },
  not_a_number: { zh: '不是电话号码', en: 'Not a phone number' },
  too_short: { zh: '号码过短', en: 'The number is too short' },
  too_long: { zh: '号码过长', en: 'The number is too long' },
  unknown_country: { zh: '国家代码不存在', en: 'Unknown country code' },
  invalid_number: { zh: '号码在该国家不存在', en: 'No such number in its country' },
  scientific_notation: { zh: '号码被表格软件改写（科学计数法）', en: 'The spreadsheet rewrote the number (scientific notation)' },
  not_mainland: { zh: '不是中国大陆 (+86) 号码', en: 'Not a number of mainland China (+86)' },
  mainland_task: { zh: '中国大陆 (+86) 号码须通过国内发信任务发送', en: 'Numbers of mainland China (+86) belong to a mainland task' },
  not_approved: { zh: '内容未经审核：签名或模板不符', en: 'Not an approved signature and template' },
  duplicate: { zh: '重复号码', en: 'Duplicate number' },
  blacklisted: { zh: '号码在黑名单中', en: 'The number is on the blacklist' },
  country_blocked: { zh: '国家/地区在黑名单中', en: 'The country is on the blacklist' },
  country_not_allowed: { zh: '该锦木Key 未开通此国家/地区', en: 'The key may not send to this country' },
  variable_missing: { zh: '缺少变量 {name}', en: 'The variable {name} is missing' },
  text_too_long: { zh: '内容超过 {max} 个字符', en: 'The text has more than {max} characters' },
  no_price: { zh: '该国家/地区暂无价格', en: 'There is no price for this country' },
  not_text: { zh: '无法识别的编码', en: 'The row is not readable text' },
} as const;
export type RowRejection = keyof typeof ROW_REJECTIONS;

/** Why a message was not sent though it was asked for: it is logged as `blocked` and costs nothing. */
export const BLOCK_REASONS = {
  blacklisted: { zh: '号码在黑名单中', en: 'The number is on the blacklist of the key' },
  country_blocked: { zh: '国家/地区在黑名单中', en: 'The country is on the blacklist of the key' },
  country_not_allowed: { zh: '该锦木Key 未开通此国家/地区', en: 'The key may not send to this country' },
  too_many_identical: { zh: '24 小时内向该号码发送相同内容过多', en: 'Too many identical messages to this number within 24 hours' },
  too_many_different: { zh: '24 小时内向该号码发送短信过多', en: 'Too many different messages to this number within 24 hours' },
  ...DAILY_CAPS,
  key_disabled: { zh: '发送前锦木Key 已停用', en: 'The key was switched off before its time came' },
} as const;
export type BlockReason = keyof typeof BLOCK_REASONS;

export interface FieldError {
  /** Path of the field as the client wrote it, e.g. `to[3].variables.name`. */
  readonly field: string;
  readonly code: FieldErrorCode;
  readonly details?: Readonly<Record<string, string | number>>;
}

/** Leaves a verb early with a named outcome. Mapped once to HTTP (workers/http) and once to queues (workers/jobs). */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly fields: readonly FieldError[];
  readonly details: Readonly<Record<string, string | number>>;

  constructor(code: ErrorCode, extra: { fields?: readonly FieldError[]; details?: Readonly<Record<string, string | number>> } = {}) {
    super(code);
    this.name = 'AppError';
    this.code = code;
    this.fields = extra.fields ?? [];
    this.details = extra.details ?? {};
  }
}

const fill = (text: string, details: Readonly<Record<string, string | number>>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => String(details[name] ?? whole));

const pick = (entry: { zh: string; en: string }, locale: Locale): string => (locale === 'zh-CN' ? entry.zh : entry.en);

export const errorText = (code: ErrorCode, locale: Locale, details: Readonly<Record<string, string | number>> = {}): string =>
  fill(pick(ERRORS[code], locale), details);
export const fieldErrorText = (code: FieldErrorCode, locale: Locale, details: Readonly<Record<string, string | number>> = {}): string =>
  fill(pick(FIELD_ERRORS[code], locale), details);
export const blockReasonText = (code: BlockReason, locale: Locale): string => pick(BLOCK_REASONS[code], locale);
export const rowRejectionText = (code: RowRejection, locale: Locale, details: Readonly<Record<string, string | number>> = {}): string =>
  fill(pick(ROW_REJECTIONS[code], locale), details);
