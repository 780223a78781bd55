/** Parameters of the older faces, for the document: they are read leniently, as text, from query, form or JSON (workers/http/api/parameters.ts). */
import { z } from 'zod';

const text = (description: string, example?: string) =>
  z.string().meta({ description, ...(example !== undefined && { examples: [example] }) });

const TYPE = z.enum(['text', 'unicode']).optional().meta({ description: 'Encoding; chosen by the text where nothing is said.' });
const TO = text('The number with its country code.', '8613800138000');
const FROM = text('Sender.', 'JINMU');

export const CheckParameters = z.object({
  baseKey: text('The key.'),
  secret: text('Its secret.'),
  from: FROM,
  msg: text('The text.', '您的验证码是 482913'),
  to: TO,
  type: TYPE,
});
export const CallbackParameters = z.object({
  baseKey: text('The key. Works only where an operator switched "no secret" on, and only from its IP allowlist.'),
  from: FROM,
  msg: text('The text.', '您的验证码是 482913'),
  to: TO,
  type: TYPE,
  callback: text('Where the receipts go.', 'https://example.com/receipts'),
});
export const BalanceParameters = z.object({ baseKey: text('The key.'), secret: text('Its secret.') });
export const BetaParameters = z.object({
  appKey: text('The key.'),
  appSecret: text('Its secret.'),
  from: FROM,
  to: TO,
  type: TYPE,
  content: text('The text.', '您的验证码是 482913'),
});
const ANSWER = { msg: z.string(), code: z.int(), data: z.unknown() };
export const JmcAnswer = z.object(ANSWER).meta({ id: 'JmcAnswer', examples: [{ msg: '发送成功!', code: 0, data: true }] });
export const JmcCallbackAnswer = z.object({ ...ANSWER, messageID: z.string().optional() }).meta({ id: 'JmcCallbackAnswer' });

const CREDENTIALS = {
  api_key: text('The key; or by Basic authentication.').optional(),
  api_secret: text('Its secret; or `sig`.').optional(),
  sig: text('Signature by the signature secret of the key, with `timestamp`.').optional(),
  timestamp: text('Seconds since 1970, for `sig`.').optional(),
};
export const SmsParameters = z.object({
  ...CREDENTIALS,
  from: FROM,
  to: TO,
  text: text('The text.', 'Your code is 482913.'),
  type: z.enum(['text', 'unicode']).default('text'),
  'client-ref': text('Your own reference, up to 100 characters.').optional(),
  callback: text('Where the receipts go, in the words of Vonage.').optional(),
  ttl: text('Milliseconds, 20,000 to 604,800,000.').optional(),
});
export const AccountParameters = z.object(CREDENTIALS);
export const SmsAnswer = z
  .object({
    'message-count': z.string(),
    messages: z.array(
      z.object({
        to: z.string().optional(),
        'message-id': z.string().optional(),
        status: z.string(),
        'error-text': z.string().optional(),
        'remaining-balance': z.string().optional(),
        'message-price': z.string().optional(),
        network: z.string().optional(),
        'client-ref': z.string().optional(),
      }),
    ),
  })
  .meta({ id: 'SmsAnswer', description: 'One element a part.' });
export const AccountRefusal = z
  .object({ 'error-code': z.string(), 'error-code-label': z.string() })
  .meta({ id: 'AccountRefusal', examples: [{ 'error-code': '401', 'error-code-label': 'authentication failed' }] });
export const AccountAnswer = z.object({ value: z.number(), autoReload: z.boolean() }).meta({ id: 'AccountAnswer' });
