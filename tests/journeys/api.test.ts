/** The API of the built platform as strangers' software sees it: Vonage's own SDK with another host, and curl's first message. */
import { Vonage } from '@vonage/server-sdk';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BLOCK_REASONS, ERRORS, FIELD_ERRORS, ROW_REJECTIONS } from '../../schema/errors';
import type { KeyId } from '../../schema/ids';
import { codeSamples } from '../../web/lib/code-samples';
import type { DemoKey } from '../../scripts/platform/local-platform';
import { startJourney, until, type Journey } from './support/journey';

let journey: Journey;
beforeAll(async () => {
  journey = await startJourney();
});
afterAll(() => journey.stop());

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
