/** What a customer may say of an endpoint, and how it is checked. */
import { AppError, type FieldError } from '../../schema/errors';
import { WEBHOOK_BATCH_MAX, WEBHOOK_HEADERS_MAX, WEBHOOK_URL_MAX } from '../../schema/limits';
import { WEBHOOK_EVENTS, type WebhookEvent } from '../../schema/states';
import type { EndpointForm } from '../../schema/webhooks';
import type { Gateways } from '../gateways';
import type { EndpointFields } from '../gateways/stores/endpoints';
import { addressError } from '../rules/public-address';

const NAME_MAX = 64;
const HEADER_VALUE_MAX = 1_000;
/** RFC 9110 token. */
const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,64}$/;
/** Ours, the protocol's, and those by which proxies speak of a caller. */
const RESERVED_HEADERS =
  /^(webhook-.*|host|connection|content-.*|transfer-encoding|te|trailer|upgrade|expect|keep-alive|proxy-.*|cookie|user-agent|accept-encoding|cf-.*|x-forwarded-.*|x-real-ip|forwarded|via)$/i;

const isMethod = (text: string): text is EndpointFields['method'] => text === 'POST' || text === 'PUT';
const isEvent = (text: string): text is WebhookEvent => WEBHOOK_EVENTS.some((event) => event === text);

/** @throws AppError invalid_request with every field that is wrong */
export function checkForm({ env }: Pick<Gateways, 'env'>, form: EndpointForm): Partial<EndpointFields> {
  const wrong: FieldError[] = [];
  const { name, url, method, events, batchMax, enabled, headers } = form;
  if (name !== undefined && name.trim() === '') wrong.push({ field: 'name', code: 'required' });
  else if (name !== undefined && name.length > NAME_MAX) wrong.push({ field: 'name', code: 'too_long', details: { max: NAME_MAX } });
  if (url !== undefined && url.length > WEBHOOK_URL_MAX) wrong.push({ field: 'url', code: 'too_long', details: { max: WEBHOOK_URL_MAX } });
  else if (url !== undefined) {
    const code = addressError(url, env.ENVIRONMENT === 'local');
    if (code !== null) wrong.push({ field: 'url', code });
  }
  if (method !== undefined && !isMethod(method)) wrong.push({ field: 'method', code: 'invalid' });
  if (events !== undefined && (events.length === 0 || !events.every(isEvent))) wrong.push({ field: 'events', code: 'invalid' });
  if (batchMax !== undefined && !(Number.isInteger(batchMax) && batchMax >= 1 && batchMax <= WEBHOOK_BATCH_MAX))
    wrong.push({ field: 'batch_max', code: 'invalid' });
  wrong.push(...wrongHeaders(headers ?? {}));
  if (wrong.length > 0) throw new AppError('invalid_request', { fields: wrong });
  return {
    ...(name !== undefined && { name: name.trim() }),
    ...(url !== undefined && { url }),
    ...(method !== undefined && isMethod(method) && { method }),
    ...(events !== undefined && { events: WEBHOOK_EVENTS.filter((event) => events.includes(event)) }),
    ...(batchMax !== undefined && { batchMax }),
    ...(enabled !== undefined && { enabled }),
    ...(headers !== undefined && { headers: lowerCased(headers) }),
  };
}

function wrongHeaders(headers: Readonly<Record<string, string>>): FieldError[] {
  const names = Object.keys(headers);
  if (names.length > WEBHOOK_HEADERS_MAX) return [{ field: 'headers', code: 'too_many', details: { max: WEBHOOK_HEADERS_MAX } }];
  return names
    .filter((name) => !HEADER_NAME.test(name) || RESERVED_HEADERS.test(name) || !isHeaderValue(headers[name] ?? ''))
    .map((name) => ({ field: `headers.${name.slice(0, 64)}`, code: 'invalid' }));
}

/** Visible ASCII and blanks inside: whatever else a server may make of a line break. */
const isHeaderValue = (text: string): boolean => text.length <= HEADER_VALUE_MAX && /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(text);

const lowerCased = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
