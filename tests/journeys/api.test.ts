/** The API of the built platform as strangers' software sees it: Vonage's own SDK with another host, and curl's first message. */
import { Validator } from '@seriousme/openapi-schema-validator';
import { Vonage } from '@vonage/server-sdk';
import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BLOCK_REASONS, ERRORS, FIELD_ERRORS, ROW_REJECTIONS } from '../../schema/errors';
import type { KeyId } from '../../schema/ids';
import { codeSamples } from '../../web/lib/code-samples';
import type { DemoKey } from '../../scripts/platform/local-platform';
import { DEMO_KEY_SIGNATURE } from '../../workers/tenancy/demo-data';
import { serveCustomer, type RunningCustomer } from '../support/fake-customer';
import { openMailbox, type FakeCustomer } from '../support/fake-customer-client';
import { startJourney, until, type Journey } from './support/journey';

let journey: Journey;
let server: RunningCustomer;
beforeAll(async () => {
  server = await serveCustomer();
  journey = await startJourney();
});
afterAll(async () => {
  await journey.stop();
  await server.stop();
});

function keyOf(kind: DemoKey['kind'], test = false): DemoKey {
  const key = journey.platform.line.demo.keys.find((one) => one.kind === kind && one.test === test);
  if (!key) throw new Error('the demo has no such key');
  return key;
}
const bearer = ({ baseKey, secret }: DemoKey): string => `Bearer ${baseKey}:${secret}`;
const get = async (key: DemoKey, path: string): Promise<Record<string, unknown>> =>
  (await (await fetch(journey.platform.url + path, { headers: { authorization: bearer(key) } })).json()) as Record<string, unknown>;

describe('the SDK of Vonage, with another host', () => {
  const client = (secret = keyOf('transactional').secret): Vonage =>
    new Vonage({ apiKey: keyOf('transactional').baseKey, apiSecret: secret }, { restHost: journey.platform.url });

  it('sends a message of two parts that arrives', async () => {
    const to = '6596780001';
    const answer = await client().sms.send({ from: 'JINMU', to, text: 'x'.repeat(161), clientRef: 'from the SDK' });
    expect(answer.messages.map(({ status, to: number, clientRef }) => [status, number, clientRef])).toEqual([
      ['0', to, 'from the SDK'],
      ['0', to, 'from the SDK'],
    ]);
    const id = answer.messages[0]?.messageId ?? '';
    const message = await until(
      'the receipt',
      20_000,
      () => get(keyOf('transactional'), `/v1/messages/${encodeURIComponent(id)}`),
      ({ status }) => status === 'delivered',
    );
    expect(message).toMatchObject({ parts: 2, client_ref: 'from the SDK' });
    expect((await journey.carrier.messages({ to }))[0]?.text).toBe('x'.repeat(161));
  });

  it('throws as it does at Vonage when it is refused', async () => {
    await expect(client('wrong').sms.send({ from: 'JINMU', to: '6596780002', text: 'Hello' })).rejects.toMatchObject({
      response: { messages: [{ status: '4' }] },
    });
  });

  it('reads the balance', async () => {
    const { value } = await client().accounts.getBalance();
    expect(value).toBeGreaterThan(0);
  });
});

/** Vonage, "Signing messages", by node's crypto and nothing of ours. */
function sign(parameters: Readonly<Record<string, string>>): string {
  const sorted = Object.keys(parameters)
    .toSorted()
    .filter((name) => name !== 'sig');
  const text = sorted.map((name) => `&${name}=${(parameters[name] ?? '').replaceAll(/[&=]/g, '_')}`).join('');
  return createHmac(DEMO_KEY_SIGNATURE.method, DEMO_KEY_SIGNATURE.secret).update(text).digest('hex');
}

describe('a client of Vonage that does it by hand', () => {
  interface Sent {
    readonly 'message-count': string;
    readonly messages: readonly Readonly<Record<string, string>>[];
  }
  const receipts = (customer: FakeCustomer, count: number) =>
    until(
      'the receipts',
      20_000,
      async () => (await customer.seen()).map(({ body }) => JSON.parse(body) as Record<string, string>),
      (seen) => seen.length >= count,
    );

  it('hears of each part at its callback, in Vonage’s words and signed, whichever way it asked', async () => {
    const { baseKey, secret } = keyOf('transactional');
    const url = `${journey.platform.url}/sms/json`;
    const text = 'x & y = z '.repeat(20);
    const now = String(Math.floor(Date.now() / 1_000));
    const base64 = Buffer.from(`${baseKey}:${secret}`).toString('base64');
    const ways: readonly [string, Record<string, string>, (fields: URLSearchParams) => Promise<Response>][] = [
      ['query, secret', { api_key: baseKey, api_secret: secret }, (fields) => fetch(`${url}?${fields.toString()}`)],
      ['form, Basic', {}, (body) => fetch(url, { method: 'POST', headers: { authorization: `Basic ${base64}` }, body })],
      ['form, signed', { api_key: baseKey, timestamp: now }, (body) => fetch(url, { method: 'POST', body })],
      [
        'JSON, signed',
        { api_key: baseKey, timestamp: now },
        (fields) =>
          fetch(url, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(Object.fromEntries(fields)),
          }),
      ],
    ];
    for (const [index, [way, credentials, ask]] of ways.entries()) {
      const customer = openMailbox(server.url);
      const to = `65967810${String(index).padStart(2, '0')}`;
      const fields = { from: 'JINMU', to, text, 'client-ref': way, callback: `${customer.url}?way=${index}`, ...credentials };
      const body = new URLSearchParams(way.endsWith('signed') ? { ...fields, sig: sign(fields) } : fields);
      const answer = (await (await ask(body)).json()) as Sent;
      expect([way, answer['message-count'], answer.messages.map(({ status }) => status)]).toEqual([way, '2', ['0', '0']]);
      const heard = await receipts(customer, 2);
      expect(heard.map((receipt) => receipt['messageId']).toSorted()).toEqual(answer.messages.map((one) => one['message-id']).toSorted());
      for (const receipt of heard) {
        expect(receipt).toMatchObject({
          msisdn: to,
          to: 'JINMU',
          status: 'delivered',
          'err-code': '0',
          'client-ref': way,
          'api-key': baseKey,
        });
        expect(receipt['scts']).toMatch(/^\d{10}$/);
        expect(receipt['sig']).toBe(sign(receipt));
      }
      expect((await customer.seen())[0]?.path).toContain(`?way=${index}`);
    }
  });

  it('is told in Vonage’s words what the SDK hides, and its signature is good for one text only', async () => {
    const { baseKey } = keyOf('transactional');
    const fields = { api_key: baseKey, timestamp: String(Math.floor(Date.now() / 1_000)), from: 'JINMU', to: '6596781099', text: 'One' };
    const post = async (body: Record<string, string>) =>
      (await (await fetch(`${journey.platform.url}/sms/json`, { method: 'POST', body: new URLSearchParams(body) })).json()) as Sent;
    const sig = sign(fields);
    expect((await post({ ...fields, text: 'Two', sig })).messages).toEqual([{ status: '14', 'error-text': expect.any(String) }]);
    const old = { ...fields, timestamp: String(Number(fields.timestamp) - 7_200) };
    expect((await post({ ...old, sig: sign(old) })).messages).toMatchObject([{ status: '14' }]);
    expect((await post({ ...fields, sig })).messages).toMatchObject([{ status: '0' }]);
  });
});

describe('a client of the original JMC, with another host', () => {
  it('sends, hears its codes and reads its balance', async () => {
    const { baseKey, secret } = keyOf('transactional');
    const ask = async (path: string, fields: Record<string, string>) => {
      const answer = await fetch(`${journey.platform.url}${path}?${new URLSearchParams(fields).toString()}`);
      return [answer.status, await answer.json()];
    };
    const to = '6596782001';
    const text = '您的验证码是 482913';
    const sent = await ask('/send/v2/check', { baseKey, secret, from: 'JINMU', msg: text, to, type: 'unicode' });
    expect(sent).toEqual([200, { msg: '发送成功!', code: 0, data: true }]);
    await until(
      'the message',
      20_000,
      () => journey.carrier.messages({ to }),
      (messages) => messages.length === 1 && messages[0]?.text === text,
    );
    const beta = { appKey: baseKey, appSecret: secret, from: 'JINMU', to, type: 'text', content: 'Hello' };
    expect(await ask('/beta/send', beta)).toEqual([200, { msg: '发送成功!', code: 0, data: expect.any(String) }]);
    expect(await ask('/beta/send', { ...beta, appSecret: 'x' })).toEqual([200, { msg: '认证失败', code: 34, data: null }]);
    expect(await ask('/sendCallback', { baseKey, from: 'JINMU', msg: text, to, callback: 'https://example.com/' })).toEqual([
      200,
      { msg: '认证失败', code: 34, data: null },
    ]);
    expect(await ask('/getBalance', { baseKey, secret })).toMatchObject([200, { code: 0, data: { balance: expect.any(Number) } }]);
  });
});

describe('the first message', () => {
  it('goes out with the command of the README', async () => {
    const readme = await readFile(resolve(import.meta.dirname, '../../README.md'), 'utf8');
    const command = /## First message by API[\s\S]*?```sh\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
    const authorization = /-H 'authorization: ([^']+)'/i.exec(command)?.[1] ?? '';
    const body = /-d '([^']+)'/.exec(command)?.[1] ?? '';
    expect(authorization).toBe(bearer(keyOf('transactional')));
    const answer = await fetch(`${journey.platform.url}/v1/messages`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body,
    });
    expect(answer.status).toBe(202);
    const { messages } = (await answer.json()) as { messages: { id: string; status: string }[] };
    expect(messages).toHaveLength(1);
    const message = await until(
      'the receipt',
      20_000,
      () => get(keyOf('transactional'), `/v1/messages/${encodeURIComponent(messages[0]?.id ?? '')}`),
      ({ status }) => status === 'delivered',
    );
    expect(message['kind']).toBe('transactional');
  });

  it('goes out with the Node.js sample of a key, and the other languages say the same', async () => {
    const { baseKey, secret, kind, test } = keyOf('marketing', true);
    const samples = codeSamples(journey.platform.url, { id: baseKey as KeyId, kind, test }, 'JINMU', secret);
    expect(samples.map(({ language }) => language)).toEqual(['curl', 'Node.js', 'Python', 'Java', 'PHP', 'Go']);
    for (const { code } of samples) {
      for (const piece of [`${journey.platform.url}/v1/messages`, `${baseKey}:${secret}`, '+15005550000', 'Reply STOP'])
        expect(code).toContain(piece);
    }
    const code = samples.find(({ language }) => language === 'Node.js')?.code ?? '';
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', code]);
    expect(stdout).toMatch(/^202 /);
  });
});

describe('the OpenAPI document', () => {
  it('is OpenAPI 3.1 to a validator that knows nothing of us', async () => {
    const document = (await (await fetch(`${journey.platform.url}/v1/openapi.json`)).json()) as Record<string, unknown>;
    const judge = async (judged: Record<string, unknown>) => {
      const validator = new Validator();
      const { valid, errors } = await validator.validate(structuredClone(judged));
      return { valid, errors: errors ?? [], version: validator.version };
    };
    expect(await judge(document)).toEqual({ valid: true, errors: [], version: '3.1' });
    expect(await judge({ ...document, paths: { '/v1/messages': { post: { responses: 5 } } } })).toMatchObject({ valid: false });
  });
});

describe('docs/errors.md', () => {
  it('lists every code there is, with its status and its texts', async () => {
    const text = await readFile(resolve(import.meta.dirname, '../../docs/errors.md'), 'utf8');
    // Each list of schema/errors.ts is a table of its own: some codes stand in several, with other texts.
    const tables = text.split(/^## /m).slice(1);
    const rowsOf = (table = ''): string[] => table.split('\n').filter((line) => line.startsWith('| `'));
    const rowOf = ([code, entry]: readonly [string, { readonly status?: number; readonly en: string; readonly zh: string }]): string =>
      ['', `\`${code}\``, ...('status' in entry ? [entry.status] : []), entry.en, entry.zh, ''].join(' | ').trim();
    const lists = [ERRORS, FIELD_ERRORS, ROW_REJECTIONS, BLOCK_REASONS];
    expect(tables).toHaveLength(lists.length);
    expect(tables.map(rowsOf)).toEqual(lists.map((list) => Object.entries(list).map(rowOf)));
  });
});
