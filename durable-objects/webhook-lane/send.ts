/** One request of a lane: addressed, signed, sent. */
import type { Env } from '../../schema/env';
import type { EndpointId } from '../../schema/ids';
import type { Gateways } from '../../workers/gateways';
import { callCustomer } from '../../workers/gateways/customer-webhooks';
import { lookUp } from '../../workers/gateways/name-lookup';
import { webhookTarget, type WebhookTarget } from '../../workers/gateways/stores/endpoints';
import { addressRefusal, nameOf } from '../../workers/rules/public-address';
import { signWebhook, webhookKey, type WebhookKey } from '../../workers/rules/webhook-signature';
import type { Delivery } from './book';
import type { Tried } from './log';

export interface Target extends WebhookTarget {
  readonly keys: readonly WebhookKey[];
}

export interface Sent extends Tried {
  readonly retryAfterMs: number | null;
}

const USER_AGENT = 'JMC-Webhooks/1';

export async function openTarget(gateways: Pick<Gateways, 'env' | 'database'>, id: EndpointId, now: number): Promise<Target | null> {
  const target = await webhookTarget(gateways, id, now);
  return target && { ...target, keys: await Promise.all(target.secrets.map(webhookKey)) };
}

export async function sendTo(env: Pick<Env, 'ENVIRONMENT' | 'DNS_URL'>, target: Target, { id, body, url: own }: Delivery): Promise<Sent> {
  const { method, headers, keys } = target;
  const at = Date.now();
  const url = own ?? target.url;
  const error = await unreachableBecause(env, url, at);
  if (error !== null) return { at, durationMs: Date.now() - at, method, url, status: null, error, answer: '', retryAfterMs: null };
  const timestamp = Math.floor(at / 1_000);
  const answer = await callCustomer(
    {
      url,
      method,
      body,
      headers: {
        ...headers,
        'content-type': 'application/json; charset=utf-8',
        'user-agent': USER_AGENT,
        'webhook-id': id,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': await signWebhook(keys, id, timestamp, body),
      },
    },
    Object.values(headers),
  );
  return { ...answer, at, method, url };
}

/** Checked when it was entered, and again now: rules grow, and a name may lead elsewhere than it did. null = it may be called. */
async function unreachableBecause(
  env: Pick<Env, 'ENVIRONMENT' | 'DNS_URL'>,
  url: string,
  now: number,
): Promise<'refused_address' | 'unreachable' | null> {
  const isLocal = env.ENVIRONMENT === 'local';
  if (addressRefusal(url, isLocal) !== null) return 'refused_address';
  const name = nameOf(url);
  if (isLocal || name === null) return null;
  const found = await lookUp(env, name, now);
  if (found === 'inside') return 'refused_address';
  return found === 'public' ? null : 'unreachable';
}
