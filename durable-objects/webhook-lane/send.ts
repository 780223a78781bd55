/** One request of a lane: addressed, signed, sent. */
import type { Env } from '../../schema/env';
import type { EndpointId } from '../../schema/ids';
import type { Gateways } from '../../workers/gateways';
import { callCustomer } from '../../workers/gateways/customer-webhooks';
import { webhookTarget, type WebhookTarget } from '../../workers/gateways/stores/endpoints';
import { addressRefusal } from '../../workers/rules/public-address';
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

export async function sendTo({ ENVIRONMENT }: Pick<Env, 'ENVIRONMENT'>, target: Target, { id, body, url: own }: Delivery): Promise<Sent> {
  const { method, headers, keys } = target;
  const at = Date.now();
  const url = own ?? target.url;
  // Checked when it was entered, and again now: rules grow.
  if (addressRefusal(url, ENVIRONMENT === 'local') !== null)
    return { at, durationMs: 0, method, url, status: null, error: 'refused_address', answer: '', retryAfterMs: null };
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
