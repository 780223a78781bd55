/** What one has to know beside the single calls, in both languages: the first message, repeats, limits, errors, tests, webhooks. */
import type { Locale } from '../../../schema/states';
import { prose, sample } from './docs-html';
import { docsWords } from './docs-words';
import type { Said } from './operation';

interface Guide {
  readonly id: string;
  readonly title: Said;
  readonly text: Said;
  /** Names and values beside each other. */
  readonly facts?: readonly (readonly [code: string, meaning: Said])[];
  readonly code?: { readonly name: string; readonly text: (origin: string) => string };
}

const GUIDES: readonly Guide[] = [
  {
    id: 'first-message',
    title: { en: 'The first message', zh: '第一条短信' },
    text: {
      en: 'Every call names its key and one of its secrets: `Authorization: Bearer <key>:<secret>`, or Basic with the same two. Keys are on the page “Keys” of the console, where owners make secrets and end them. A key is for marketing or for transactional messages, and what it sends goes out as that.\n\nWhen the answer is 202, the message is stored and will be sent, whatever happens next.',
      zh: '每次调用都要带上 Key 和它的一个密钥：`Authorization: Bearer <key>:<secret>`，或使用 Basic 认证。Key 在控制台的“锦木Key”页面，由负责人创建和停用密钥。Key 分为营销和事务两类，它发出的短信按该类别处理。\n\n返回 202 时，短信已可靠保存，一定会进入发送流程。',
    },
    code: {
      name: 'curl',
      text: (origin) => `curl ${origin}/v1/messages \\
  -H 'authorization: Bearer <key>:<secret>' \\
  -H 'content-type: application/json' \\
  -H 'idempotency-key: order-1001' \\
  -d '{"from":"JINMU","to":"+6596543210","text":"Your code is 482913."}'`,
    },
  },
  {
    id: 'repeats',
    title: { en: 'Asking again safely', zh: '安全重试' },
    text: {
      en: 'Put an `Idempotency-Key` of your own on every POST (up to 255 visible ASCII characters). If the answer was lost, send the same request again: within 24 hours it has the same answer, with `Idempotency-Replayed: true`, and nothing is sent twice. GET, PUT and DELETE need none: they are as good twice. Three calls take none and say so (400): those that show a new secret, which is kept nowhere to be shown again, and the test of a webhook.',
      zh: '每个 POST 请求都请带上自己生成的 `Idempotency-Key`（最多 255 个可见 ASCII 字符）。没有收到响应时，原样再发一次即可：24 小时内返回相同的结果，并带 `Idempotency-Replayed: true`，不会重复发送。GET、PUT、DELETE 本身可以重复，无需携带。返回新密钥的两个调用（密钥不会保存，无法再次返回）和 Webhook 测试不支持，带上时返回 400。',
    },
    facts: [
      [
        '409 request_in_progress',
        { en: 'The first request is still running; come again in a second.', zh: '第一次请求仍在处理，请稍后再试。' },
      ],
      ['422 idempotency_mismatch', { en: 'The same key came with another body.', zh: '相同的值用于了不同的请求内容。' }],
    ],
  },
  {
    id: 'limits',
    title: { en: 'Limits', zh: '限速与上限' },
    text: {
      en: 'A key takes so many recipients a second (30 unless our service team set another rate); a request without recipients counts as one. What is too fast is refused with 429 before anything was done.',
      zh: '每个 Key 每秒可处理一定数量的收件人（默认 30，可由服务团队调整）；没有收件人的请求计为一个。超出时返回 429，此时尚未执行任何操作。',
    },
    facts: [
      ['RateLimit-Limit', { en: 'Recipients a second.', zh: '每秒收件人数。' }],
      ['RateLimit-Remaining', { en: 'What is left now.', zh: '当前剩余。' }],
      ['RateLimit-Reset', { en: 'Seconds until all of it is there again.', zh: '完全恢复所需的秒数。' }],
      ['Retry-After', { en: 'With 429: seconds to wait, exact.', zh: '429 时返回：需要等待的秒数，精确值。' }],
    ],
  },
  {
    id: 'problems',
    title: { en: 'Errors', zh: '错误' },
    text: {
      en: 'Every refusal is a problem document (RFC 9457) with a stable `code`, the fields that are wrong, and a request id to quote to us. Texts follow `Accept-Language`: English or Chinese.',
      zh: '所有错误都以 RFC 9457 格式返回，含固定的 `code`、出错的字段和请求 ID（联系我们时请提供）。文字按 `Accept-Language` 返回中文或英文。',
    },
    code: {
      name: 'HTTP 400 · application/problem+json',
      text: () =>
        JSON.stringify(
          {
            type: '/docs/errors#invalid_request',
            title: 'The request is not valid',
            status: 400,
            detail: 'The request is not valid',
            code: 'invalid_request',
            errors: [{ field: 'to[1]', code: 'invalid', detail: 'Not valid' }],
            request_id: '0b1d2c6e-4a1f-4f0e-9a53-1f6f2f6f3f10',
          },
          null,
          2,
        ),
    },
  },
  {
    id: 'test-keys',
    title: { en: 'Test keys', zh: '测试 Key' },
    text: {
      en: 'A test key takes the whole way, costs nothing and reaches nobody. Its messages are delivered at once, but for these numbers:',
      zh: '测试 Key 走完整流程，不计费，也不会发给任何人。其短信立即显示送达，以下号码除外：',
    },
    facts: [
      [
        '+15005551005',
        { en: 'Fails with the receipt’s error code 5; any code: `1000` + code.', zh: '失败，错误码 5；其他错误码：`1000` + 错误码。' },
      ],
      [
        '+15005552006',
        { en: 'Refused by the carrier with status 6; any status: `2000` + status.', zh: '被运营商拒绝，状态 6；其他状态：`2000` + 状态。' },
      ],
      ['+15005553001', { en: 'Expires; `3002` is rejected, `3003` unknown.', zh: '过期；`3002` 为被拒，`3003` 为未知。' }],
      ['+15005553004', { en: 'Never has a receipt; `3005` has it late, `3006` twice.', zh: '没有状态报告；`3005` 迟到，`3006` 重复。' }],
      [
        '+15005553007',
        {
          en: 'Delivered with odd receipts: `3007` buffered before, `3008` buffered after it, `3009` before the answer, `3010` with a wrong signature.',
          zh: '送达但状态报告异常：`3007` 先为缓冲，`3008` 后到缓冲，`3009` 早于响应，`3010` 签名错误。',
        },
      ],
      [
        '+15005554001',
        {
          en: 'The carrier is in trouble, in ten ways up to `4010`; `4011` and `4012` at the first try only.',
          zh: '运营商故障，至 `4010` 共十种；`4011` 和 `4012` 仅首次失败。',
        },
      ],
    ],
  },
  {
    id: 'verify-webhooks',
    title: { en: 'Checking webhooks', zh: '校验 Webhook' },
    text: {
      en: 'Receipts and inbound messages come to your endpoints, signed by the Standard Webhooks rules: any of its libraries checks them, in every language. Answer 2xx within 15 s; whatever else is tried again for 24 hours. The `webhook-id` is the same for every try: keep it to drop repeats.',
      zh: '状态报告和上行短信会推送到您的 Webhook 地址，并按 Standard Webhooks 规范签名，可用任意语言的官方库校验。请在 15 秒内返回 2xx；否则在 24 小时内重试。同一事件每次推送的 `webhook-id` 相同，可据此去重。',
    },
    code: {
      name: 'Node.js · standardwebhooks',
      text: () => `import { Webhook } from 'standardwebhooks';

const webhook = new Webhook(process.env.JMC_WEBHOOK_SECRET); // whsec_…
const event = webhook.verify(rawBody, request.headers);      // throws when it is not ours
if (event.type === 'receipt') console.log(event.data.id, event.data.status);`,
    },
  },
];

const said = ({ en, zh }: Said, locale: Locale): string => (locale === 'en' ? en : zh);

export const guideContents = (locale: Locale): readonly (readonly [id: string, title: string])[] =>
  GUIDES.map(({ id, title }) => [id, said(title, locale)]);

/** HTML. */
export function guideSections(origin: string, locale: Locale): string {
  const words = docsWords(locale);
  return GUIDES.map(({ id, title, text, facts = [], code }) => {
    const rows = facts.map(([name, meaning]) => `<div><dt><code>${prose(name)}</code></dt><dd>${prose(said(meaning, locale))}</dd></div>`);
    const told = `<h3>${prose(said(title, locale))}</h3><p>${prose(said(text, locale))}</p>${rows.length === 0 ? '' : `<dl class="fields">${rows.join('')}</dl>`}`;
    if (!code) return `<section class="card guide" id="${id}">${told}</section>`;
    return `<section class="card guide call" id="${id}"><div class="told">${told}</div><div class="shown">${sample(`${id}-code`, code.name, code.text(origin), words)}</div></section>`;
  }).join('');
}
