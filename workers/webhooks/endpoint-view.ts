/** An endpoint as its customer sees it. Secrets are shown when they are made, and by their own call; values of headers never again. */
import type { EndpointId } from '../../schema/ids';
import type { EndpointTrouble, WebhookEvent } from '../../schema/states';
import type { Gateways } from '../gateways';
import { openSecret } from '../gateways/sealed-secrets';
import type { EndpointRow } from '../gateways/stores/endpoints';

export interface EndpointView {
  readonly id: EndpointId;
  /** `callback`: stands for the callback URLs of calls and tasks that lead to this origin. */
  readonly kind: 'endpoint' | 'callback';
  readonly name: string;
  readonly url: string;
  readonly method: 'POST' | 'PUT';
  readonly events: readonly WebhookEvent[];
  readonly batchMax: number;
  readonly enabled: boolean;
  /** Why the platform switched it off. */
  readonly trouble: EndpointTrouble | null;
  readonly headerNames: readonly string[];
  readonly createdAt: number;
  readonly updatedAt: number;
}

export async function endpointView({ env }: Pick<Gateways, 'env'>, row: EndpointRow): Promise<EndpointView> {
  const { id, kind, name, url, method, events, batchMax, enabled, trouble, createdAt, updatedAt, headersSealed } = row;
  const headerNames = Object.keys(JSON.parse(await openSecret(env, headersSealed)) as Record<string, string>);
  return { id, kind, name, url, method, events, batchMax, enabled, trouble, headerNames, createdAt, updatedAt };
}
