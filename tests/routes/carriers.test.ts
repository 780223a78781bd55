import { describe, expect, it, vi } from 'vitest';
import { DEMO_CARRIER } from '../../workers/tenancy/demo-data';
import { putCarrierAccount } from '../../workers/gateways/stores/provisioning';
import { sealSecret } from '../../workers/gateways/sealed-secrets';
import { newCarrierAccountId } from '../../schema/ids';
import { encodeMessageId } from '../../schema/message-id';
import { signParameters } from '../../workers/simulator/signature';
import { apiRowsJson, openApiShard } from '../support/shards';
import { request, worldGateways } from '../support/world';

const PATH = '/carriers/vonage/receipts';
type Parameters = Record<string, string>;

const stamped = (parameters: Parameters, at = Date.now()): Parameters => ({
  ...parameters,
  timestamp: String(Math.floor(at / 1_000)),
  nonce: 'n-1',
});
/** Signed by the simulator's own code, which was not written with ours. */
const signed = (parameters: Parameters, secret: string = DEMO_CARRIER.signatureSecret): Parameters => ({
  ...parameters,
  sig: signParameters(parameters, secret, 'sha256'),
});

const ways: Readonly<Record<string, (parameters: Parameters) => Promise<Response>>> = {
  GET: (parameters) => request(`${PATH}?${new URLSearchParams(parameters).toString()}`),
  form: (parameters) => request(PATH, { method: 'POST', body: new URLSearchParams(parameters) }),
  JSON: (parameters) => request(PATH, { json: parameters }),
};
const post = ways['JSON'] as (parameters: Parameters) => Promise<Response>;

async function sentMessage() {
  const opened = await openApiShard();
  await opened.shard.acceptMessages(apiRowsJson(1), Date.now(), null);
  await opened.shard.claim(1, 0, '[]');
  await opened.shard.settle(1, JSON.stringify([{ row: 1, outcome: { kind: 'submitted', carrierIds: ['0C00'], network: null } }]));
  const parameters: Parameters = {
    msisdn: '8613800000000',
    to: 'JINMU & Co=1',
    'network-code': '46000',
    messageId: '0C00',
    price: '0.03330000',
    status: 'delivered',
    scts: '2611230212',
    'err-code': '0',
    'api-key': DEMO_CARRIER.apiKey,
    'client-ref': encodeMessageId(opened.settings.shard, 1),
    'message-timestamp': '2026-11-23 02:12:00',
  };
  return { ...opened, parameters };
}

describe('a receipt', () => {
  it.each(Object.keys(ways))('by %s reaches its message through the queue', async (way) => {
    const { shard, parameters } = await sentMessage();
    const answer = await ways[way]?.(signed(stamped(parameters)));
    expect(answer?.status).toBe(200);
    await vi.waitFor(async () => expect(await shard.find(1)).toMatchObject({ state: 'delivered', network: '46000' }), { timeout: 10_000 });
  });

  it('with a wrong signature, with none, or changed on the way is refused and changes nothing', async () => {
    const { shard, parameters } = await sentMessage();
    const good = signed(stamped(parameters));
    const wrong: Parameters[] = [
      signed(stamped(parameters), 'another secret'),
      stamped(parameters),
      { ...good, status: 'failed' },
      { ...good, sig: '' },
      { ...good, sig: good['sig']?.slice(0, -1) ?? '' },
      { ...good, 'api-key': 'nobody' },
    ];
    for (const parametersOfOne of wrong) {
      const answer = await post(parametersOfOne);
      expect(answer.status).toBe(403);
      expect(await answer.json()).toMatchObject({ code: 'bad_signature' });
    }
    expect(await shard.find(1)).toMatchObject({ state: 'submitted' });
  });

  it('of another time is refused', async () => {
    const { parameters } = await sentMessage();
    for (const at of [Date.now() - 2 * 3_600_000, Date.now() + 2 * 3_600_000])
      expect((await post(signed(stamped(parameters, at)))).status).toBe(403);
    expect((await post(signed({ ...parameters, nonce: 'n' }))).status).toBe(403);
  });

  it('for a message that is not ours is acknowledged, or the carrier would send it for a day', async () => {
    const { parameters } = await sentMessage();
    const { 'client-ref': _ref, ...withoutRef } = parameters;
    for (const unknown of [
      { ...parameters, 'client-ref': 'order-17' },
      { ...parameters, 'client-ref': encodeMessageId(999_999_999 as never, 5) },
      withoutRef,
    ]) {
      expect((await post(signed(stamped(unknown)))).status).toBe(200);
    }
  });

  it('without anything is the carrier looking whether somebody is there', async () => {
    expect((await request(PATH)).status).toBe(200);
  });

  it.each([PATH, '/carriers/vonage/inbound'])('with a body that cannot be read is refused by name at %s', async (path) => {
    const JSON_TYPE = 'application/json';
    const FORM = 'application/x-www-form-urlencoded';
    const bad: readonly [what: string, type: string, body: BodyInit, status: number, code: string][] = [
      ['cut short', JSON_TYPE, '{"messageId"', 400, 'malformed_json'],
      ['nothing', JSON_TYPE, '', 400, 'malformed_json'],
      ['a list', JSON_TYPE, '[1]', 400, 'invalid_request'],
      ['null', JSON_TYPE, 'null', 400, 'invalid_request'],
      ['nested without end', JSON_TYPE, '['.repeat(30_000), 400, 'malformed_json'],
      ['fields within fields', JSON_TYPE, '{"messageId":{"a":1},"status":["x"]}', 200, ''],
      ['a key twice, unsigned', JSON_TYPE, '{"messageId":"1","messageId":"2"}', 403, 'bad_signature'],
      ['a NUL, unsigned', FORM, 'messageId=%00', 403, 'bad_signature'],
      ['half a surrogate pair, unsigned', JSON_TYPE, '{"messageId":"\\ud83d"}', 403, 'bad_signature'],
      ['no UTF-8, unsigned', FORM, 'messageId=%ff', 403, 'bad_signature'],
      ['text', 'text/plain', 'messageId=1', 415, 'unsupported_media_type'],
      ['no type at all', '', new Uint8Array([1]), 415, 'unsupported_media_type'],
      ['huge', FORM, 'a'.repeat(70_000), 413, 'too_large'],
    ];
    for (const [what, type, body, status, code] of bad) {
      const answer = await request(path, { method: 'POST', body, ...(type !== '' && { headers: { 'content-type': type } }) });
      const text = await answer.text();
      const said = text === '' ? '' : (JSON.parse(text) as { code: string }).code;
      expect([what, answer.status, said]).toEqual([what, status, code]);
    }
  });

  it('of an account whose operators chose not to sign is taken as it is', async () => {
    const { env, database } = worldGateways();
    const { shard, parameters } = await sentMessage();
    const sealed = await sealSecret(env, '');
    const apiKey = 'unsigned-account';
    await putCarrierAccount(database, {
      id: newCarrierAccountId(),
      name: 'unsigned',
      apiKey,
      apiSecretSealed: sealed,
      signatureSecretSealed: sealed,
      signatureMethod: 'sha256',
      restHost: '',
      perSecond: 30,
      createdAt: Date.now(),
    });
    expect((await post({ ...parameters, 'api-key': apiKey })).status).toBe(200);
    await vi.waitFor(async () => expect(await shard.find(1)).toMatchObject({ state: 'delivered' }), { timeout: 10_000 });
  });
});

describe('an inbound message', () => {
  const inbound = {
    msisdn: '8613800000000',
    to: '447520615146',
    messageId: '0B01',
    text: 'STOP',
    type: 'text',
    keyword: 'STOP',
    'api-key': DEMO_CARRIER.apiKey,
  };
  const send = (parameters: Parameters) => request('/carriers/vonage/inbound', { json: parameters });

  it('is taken when it is signed, and refused when it is not', async () => {
    expect((await send(signed(stamped(inbound)))).status).toBe(200);
    expect((await send(stamped(inbound))).status).toBe(403);
  });
});
