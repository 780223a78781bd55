/** Texts of the sender warnings, in both languages. `{name}` is filled from a warning's details, whose words are in sender-rule-words.ts. */
import type { Locale } from '../../schema/states';
import type { SenderKind } from './sender';
import { wordText } from './sender-rule-words';

interface Text {
  readonly zh: string;
  readonly en: string;
}

const MAIN_TEXTS = {
  passed: { zh: 'From 原样显示', en: 'The sender is shown as it is' },
  register: { zh: 'From 须先注册才能使用', en: 'The sender must be registered first' },
  overwritten: { zh: 'From 会被运营商替换', en: 'The carrier replaces the sender' },
  partial: { zh: '各运营商对 From 的处理不同', en: 'The networks treat the sender differently' },
  two_way: { zh: '数字 From 须为已租用的双向号码', en: 'A numeric sender must be a rented two-way number' },
  refused: { zh: '不支持该类 From，短信可能被拒绝', en: 'This kind of sender is refused' },
  unknown: { zh: '没有该国家/地区的 From 规则资料', en: 'Nothing is known about senders here' },
  documents: { zh: '注册需提供：{values}', en: 'Registration asks for: {values}' },
  brand_required: { zh: 'From 须体现品牌名称', en: 'The sender must show the brand' },
  case_sensitive: { zh: 'From 区分大小写，须与注册的一致', en: 'Upper and lower case of the sender must match the registration' },
} as const satisfies Record<string, Text>;

interface ConstraintText extends Text {
  readonly level: 'bad' | 'warn' | 'ok';
  /** Kind of sender it is about, where the constraint does not say so itself. */
  readonly about?: SenderKind;
}

const CONSTRAINT_TEXTS = {
  overwrite: { level: 'warn', zh: '{when}{certainty}被替换为{to}', en: '{when} {certainty} replaced by {to}' },
  reject: { level: 'warn', zh: '{when}{certainty}被拒绝', en: '{when} {certainty} refused' },
  overwrite_or_reject: { level: 'warn', zh: '{when}{certainty}被替换或拒绝', en: '{when} {certainty} replaced or refused' },
  sender_registry: { level: 'warn', about: 'alpha', zh: '{authority} 设有 From 登记制度', en: '{authority} keeps a registry of senders' },
  numeric_types: { level: 'warn', about: 'numeric', zh: '数字 From 只能使用：{values}', en: 'Numeric senders can only be: {values}' },
  content_must_name_brand: { level: 'warn', zh: '短信内容须包含品牌名称', en: 'The text must name the brand' },
  registration_not_needed: { level: 'ok', zh: '国际路由无需注册', en: 'No registration is needed on international routes' },
  sender_charset: {
    level: 'bad',
    about: 'alpha',
    zh: 'From 可用字符受限：{value}',
    en: 'The characters of the sender are limited: {value}',
  },
  numeric_refused_after_alpha_registration: {
    level: 'warn',
    about: 'numeric',
    zh: '注册字母 From 后，数字 From 会被拒绝',
    en: 'Once an alphanumeric sender is registered, numeric ones are refused',
  },
  number_purchase_required: { level: 'warn', about: 'numeric', zh: '须先购买号码', en: 'A number must be bought first' },
  number_registration: {
    level: 'warn',
    about: 'numeric',
    zh: '号码须先完成登记：{scheme}{number_type}',
    en: 'The number must be registered: {scheme}{number_type}',
  },
  api_error: { level: 'warn', zh: '不符合要求的 From 会返回错误 {code}', en: 'A sender that does not conform gets error {code}' },
  registration_objects: { level: 'warn', zh: '须报备：{values}', en: 'To be registered: {values}' },
  sender_rewrite: {
    level: 'warn',
    zh: 'From 会改为以 {prefixes} 开头的随机号码',
    en: 'The sender becomes a random number beginning with {prefixes}',
  },
  per_number_daily_cap: {
    level: 'warn',
    zh: '同一号码 {window_hours} 小时内相同内容约 {identical} 条、不同内容约 {distinct} 条，超出可能被拦截',
    en: 'About {identical} identical or {distinct} different messages to one number in {window_hours} hours; more may be blocked',
  },
  content_block_risk: { level: 'warn', zh: '可能被拦截的内容：{content}', en: 'Content that may be blocked: {content}' },
  short_code_unsupported: { level: 'warn', about: 'numeric', zh: '不支持短号码', en: 'Short codes are not supported' },
  alpha_recommended: { level: 'warn', about: 'numeric', zh: '建议使用字母 From', en: 'An alphanumeric sender is recommended' },
  alpha_allowlisting: {
    level: 'ok',
    about: 'alpha',
    zh: '字母 From 可申请加入白名单',
    en: 'Alphanumeric senders can be put on an allowlist',
  },
  long_number_use: {
    level: 'warn',
    about: 'numeric',
    zh: '长号码只能用于个人间通信',
    en: 'Long numbers are only for messages between persons',
  },
  api_key_declaration_required: { level: 'warn', zh: '须申报所用的通道账号', en: 'The carrier account in use must be declared' },
  handled_by_vendor: { level: 'ok', zh: '注册由通道供应商办理', en: 'The carrier handles the registration' },
  plus_prefix_possible: { level: 'warn', zh: '数字 From 前可能显示“+”', en: 'A “+” may be shown in front of a numeric sender' },
  alpha_length: {
    level: 'bad',
    about: 'alpha',
    zh: '字母 From 须为 {min} 至 {max} 个字符',
    en: 'An alphanumeric sender needs {min} to {max} characters',
  },
  carrier_filtering: { level: 'warn', zh: '运营商可能过滤', en: 'Networks may filter it' },
  numeric_allowed_prefix: {
    level: 'bad',
    about: 'numeric',
    zh: '数字 From 须以 {prefixes} 开头',
    en: 'A numeric sender must begin with {prefixes}',
  },
  registration_scope: {
    level: 'warn',
    zh: '本地企业须在 {authority} 完成 {scheme} 注册',
    en: 'Local companies must register with {scheme} at {authority}',
  },
  registration_exempt: {
    level: 'ok',
    zh: '境外企业经 {route} 路由可申请免注册',
    en: 'Foreign companies can ask to be exempt on the {route} route',
  },
  registration_required_when: { level: 'warn', zh: '内容含短链接时须注册', en: 'Registration is needed when the text holds a short link' },
  sender_types_allowed: { level: 'bad', zh: '只允许：{values}', en: 'Only allowed: {values}' },
  numeric_prefix_possible: {
    level: 'warn',
    about: 'numeric',
    zh: '号码前可能加上 {values}',
    en: '{values} may be put in front of the number',
  },
  body_prefix: { level: 'warn', zh: '内容前可能加上 {values}，计入长度', en: '{values} may be put in front of the text and counts' },
  segment_threshold: {
    level: 'warn',
    zh: 'GSM-7 短信超过 {chars} 个字符即分条',
    en: 'GSM-7 texts are cut into parts above {chars} characters',
  },
  concatenation: { level: 'warn', zh: '{unsupported} 不支持长短信拼接', en: '{unsupported} do not join long messages' },
  promotional_content: {
    level: 'warn',
    zh: '营销短信须以 {header_text} 开头，并附 {footer_text} 及退订号码',
    en: 'Marketing texts begin with {header_text} and end with {footer_text} and a number to opt out',
  },
  alpha_channel: { level: 'warn', about: 'alpha', zh: '字母 From 会经短号码下发', en: 'Alphanumeric senders go out by a short code' },
  content_forbidden: { level: 'warn', zh: '内容不得包含：{values}', en: 'The text must not hold: {values}' },
  domestic_numeric_blocked: {
    level: 'warn',
    about: 'numeric',
    zh: '当地号码作 From 很可能被拦截',
    en: 'Local numbers as senders are likely blocked',
  },
  numeric_scope: { level: 'warn', about: 'numeric', zh: '数字 From 须为国际号码', en: 'A numeric sender must be an international number' },
  numeric_unsupported_sometimes: {
    level: 'warn',
    about: 'numeric',
    zh: '数字 From 有时不受支持',
    en: 'Numeric senders are sometimes not supported',
  },
  reduced_delivery: { level: 'warn', zh: '未注册的 From 送达率较低', en: 'Unregistered senders are delivered less often' },
  long_number_blocked: { level: 'bad', about: 'numeric', zh: '长号码会被拦截', en: 'Long numbers are blocked' },
  authorisation_letter: {
    level: 'warn',
    zh: '注册须提供签字盖章的授权书扫描件（{format}）：{carriers}',
    en: 'Registration needs a signed and stamped letter, scanned ({format}): {carriers}',
  },
  short_code_max_digits: { level: 'bad', about: 'numeric', zh: '数字 From 最多 {max} 位', en: 'A numeric sender has at most {max} digits' },
  short_code_supported: { level: 'ok', about: 'numeric', zh: '支持短号码', en: 'Short codes are supported' },
  registration_recommended: { level: 'warn', zh: '建议注册 From', en: 'Registering the sender is recommended' },
  marketing_registry: { level: 'warn', zh: '零售营销须在 {name} 登记', en: 'Retail marketing must be registered with {name}' },
  alpha_by_application: {
    level: 'warn',
    about: 'alpha',
    zh: '字母 From 可申请直连路由，价格较高',
    en: 'Alphanumeric senders can be asked for on a direct route at a higher price',
  },
  charset_substitution: { level: 'warn', zh: 'GSM-7 短信中的 {chars} 会显示为 {to}', en: 'In GSM-7 texts {chars} are shown as {to}' },
  charset_supported: { level: 'ok', zh: '可以使用 {chars}', en: '{chars} can be used' },
  no_trunk_zero: { level: 'ok', zh: '号码不带前导 0', en: 'Numbers are written without the leading 0' },
  content_registration: { level: 'warn', zh: '带链接的营销内容须先报备', en: 'Marketing texts with links must be registered' },
  brand_recommended: { level: 'warn', about: 'alpha', zh: '建议 From 体现品牌', en: 'A sender that shows the brand is recommended' },
  restricted_delivery: { level: 'warn', zh: '送达受限', en: 'Delivery is restricted' },
} as const satisfies Record<string, ConstraintText>;

export type ConstraintKind = keyof typeof CONSTRAINT_TEXTS;
/** Every kind of constraint that sender-rules.json holds. */
export const CONSTRAINTS: Readonly<Record<ConstraintKind, ConstraintText>> = CONSTRAINT_TEXTS;

export type SenderWarningCode = keyof typeof MAIN_TEXTS | ConstraintKind;

const TEXTS: Readonly<Record<SenderWarningCode, Text>> = { ...MAIN_TEXTS, ...CONSTRAINTS };

/** @param details those of the warning; without them the places stay empty. */
export function senderWarningText(
  code: SenderWarningCode,
  locale: Locale,
  details: Readonly<Record<string, string | number | readonly string[]>> = {},
): string {
  const text = locale === 'zh-CN' ? TEXTS[code].zh : TEXTS[code].en;
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = details[name] ?? (name === 'to' ? 'other_sender' : '');
    const words = typeof value === 'object' ? value : [`${value}`];
    // A refusal of one sort of number names the sort where another names its condition.
    const shown = name === 'when' && (details['sender'] === 'dynamic' || details['sender'] === 'long_code') ? [details['sender']] : words;
    return shown.map((word) => wordText(word, locale)).join(locale === 'zh-CN' ? '、' : ', ');
  });
}
