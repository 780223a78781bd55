/** Messages from handsets, as the carrier brings them. */
import { newSenderId } from '../../schema/ids';
import { signParameters } from '../../workers/simulator/signature';
import { addSender } from '../../workers/gateways/stores/provisioning';
import { DEMO_CARRIER } from '../../workers/tenancy/demo-data';
import { request, type World } from './world';

let last = 0;

/** A number of its own for each test, bound to the tenant. */
export async function boundNumber(world: World): Promise<string> {
  const number = `44752${String(Date.now() % 1_000_000).padStart(6, '0')}${(last += 1)}`;
  await addSender(world.gateways.database, { id: newSenderId(), tenantId: world.tenant, value: number, createdAt: Date.now() });
  return number;
}

export const inboundId = (): string => crypto.randomUUID().slice(0, 16);

/** The carrier's call, signed as it signs. */
export function arrive(parameters: Record<string, string>): Promise<Response> {
  const stamped = {
    'api-key': DEMO_CARRIER.apiKey,
    type: 'text',
    ...parameters,
    timestamp: String(Math.floor(Date.now() / 1_000)),
    nonce: 'n',
  };
  return request('/carriers/vonage/inbound', {
    json: { ...stamped, sig: signParameters(stamped, DEMO_CARRIER.signatureSecret, 'sha256') },
  });
}
