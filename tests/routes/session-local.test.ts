/** What stands for mail and operators in a local run, and that none of it exists elsewhere. */
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, inject, it, vi } from 'vitest';
import type { Env } from '../../schema/env';
import { makeGateways } from '../../workers/gateways';
import { sendMail } from '../../workers/gateways/mail';
import { openSecret } from '../../workers/gateways/sealed-secrets';
import { answerRequest } from '../../workers/http/entry';
import { sha256Hex } from '../../workers/tenancy/make-key';
import { seedDemo } from '../../workers/tenancy/seed-demo';
import { ORIGIN, request, worldGateways } from '../support/world';

const local = env as unknown as Env;
const jsonOf = async <T>(answer: Response): Promise<T> => (await answer.json()) as T;

interface Seeded {
  logins: { email: string; phone: string; password: string }[];
  keys: { name: string; baseKey: string; secret: string; kind: string; test: boolean }[];
}
interface Mails {
  mails: { channel: string; recipient: string; body: string; code: string | null }[];
}
const seed = async () => jsonOf<{ demo: Seeded; other: Seeded }>(await request('/local/seed', { method: 'POST' }));
const mailbox = async (query = '') => jsonOf<Mails>(await request(`/local/mailbox${query}`));

describe('the demo', () => {
  it('has a marketing, a transactional and a test key that work, for one of two tenants', async () => {
    const { demo, other } = await seed();
    expect(demo.keys.map(({ kind, test }) => [kind, test])).toEqual([
      ['marketing', false],
      ['transactional', false],
      ['marketing', true],
    ]);
    const gateways = worldGateways();
    for (const { baseKey, secret } of [...demo.keys, ...other.keys]) {
      const sha256 = await sha256Hex(secret);
      const gate = gateways.objects.keyGate(baseKey as Parameters<typeof gateways.objects.keyGate>[0]);
      const asked = { credential: { kind: 'secret', sha256 }, address: null, recipientsJson: '[]', repeat: null } as const;
      expect(await gate.admitRequest(asked)).toMatchObject({ kind: 'admitted' });
    }
  });

  it('has logins that sign in by e-mail and by phone', async () => {
    const { demo } = await seed();
    await local.DB.prepare('UPDATE carrier_accounts SET rest_host = ?').bind(inject('carrierUrl')).run();
    const [owner] = demo.logins;
    if (!owner) throw new Error('no login');
    const { challenge } = await jsonOf<{ challenge: string }>(
      await request('/api/session', { json: { region: '86', phone: owner.phone.slice(3), password: owner.password } }),
    );
    const { mails } = await mailbox(`?recipient=${encodeURIComponent(owner.phone)}`);
    expect(mails[0]).toMatchObject({ channel: 'sms', recipient: owner.phone });
    const answer = await request('/api/session/code', { json: { challenge, code: mails[0]?.code } });
    expect(await answer.json()).toEqual({ mustChangePassword: false });
    // The same mailbox for who forgets to encode the plus.
    expect((await mailbox(`?recipient=${owner.phone}`)).mails).toEqual(mails);
  });

  it('is made once, whoever asks how often', async () => {
    expect(await seed()).toEqual(await seed());
    const count = (statement: string) => local.DB.prepare(statement).first<number>('n');
    expect(await count("SELECT count(*) AS n FROM tenants WHERE id LIKE 'tn_DEM0%'")).toBe(1);
    expect(await count("SELECT count(*) AS n FROM audit_log WHERE action = 'key_made' AND subject = 'JMDEM0MARKET0001'")).toBe(1);
    expect((await mailbox('?recipient=newcomer@demo.jmc.example')).mails).toHaveLength(1);
    const { balanceMicros } = await worldGateways()
      .objects.ledger('tn_DEM00000000000000000' as Parameters<ReturnType<typeof worldGateways>['objects']['ledger']>[0])
      .balance();
    expect(balanceMicros).toBe(50_000_000_000);
  });

  it('sends through Vonage where the run has its credentials', async () => {
    const credentials = {
      VONAGE_API_KEY: 'real-key',
      VONAGE_API_SECRET: 'real-secret',
      VONAGE_SIGNATURE_SECRET: 'real-signature',
      VONAGE_SIGNATURE_METHOD: 'sha512',
    };
    const account = () => local.DB.prepare("SELECT * FROM carrier_accounts WHERE id LIKE 'ca_DEM0%'").first<Record<string, string>>();
    await seedDemo(makeGateways({ ...local, ...credentials }), Date.now());
    const real = await account();
    expect(real).toMatchObject({ api_key: 'real-key', signature_method: 'sha512', per_second: 30 });
    expect(await openSecret(local, real?.['api_secret_sealed'] ?? '')).toBe('real-secret');
    expect(JSON.stringify(real)).not.toContain('real-secret');
    await seed();
    expect(await account()).toMatchObject({ api_key: 'demo-account', signature_method: 'sha256', per_second: 5_000 });
  });
});

describe('in staging and production', () => {
  it.each([
    ['GET', '/local/mailbox'],
    ['GET', '/local/meter'],
    ['POST', '/local/meter/reset'],
    ['POST', '/local/seed'],
  ])('%s %s is not there', async (method, path) => {
    for (const ENVIRONMENT of ['staging', 'production'] as const) {
      const execution = createExecutionContext();
      const answer = await answerRequest(new Request(`${ORIGIN}${path}`, { method }), { ...local, ENVIRONMENT }, execution);
      await waitOnExecutionContext(execution);
      expect([ENVIRONMENT, answer.status]).toEqual([ENVIRONMENT, 404]);
    }
  });

  it('mails leave through the e-mail binding and are kept nowhere', async () => {
    const sent: unknown[] = [];
    const MAIL = { send: async (mail: unknown) => (sent.push(mail), { messageId: '1' }) };
    const gateways = (extra: Partial<Env>) =>
      makeGateways({ ...local, ENVIRONMENT: 'production', PUBLIC_URL: 'https://console.jmc.example', MAIL, ...extra });
    const mail = { to: 'someone@leaves.example', subject: '验证码', text: '123456' };
    await sendMail(gateways({}), mail, Date.now());
    await sendMail(gateways({ MAIL_FROM: 'codes@jmc.example' }), mail, Date.now());
    expect(sent).toEqual(
      ['no-reply@console.jmc.example', 'codes@jmc.example'].map((email) => ({ ...mail, from: { name: 'JMC 锦木通信平台', email } })),
    );
    expect((await mailbox(`?recipient=${mail.to}`)).mails).toEqual([]);
  });

  it('a session needs a real secret', async () => {
    const execution = createExecutionContext();
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const headers = { cookie: '__Host-jmc=a.b.c' };
    const answer = await answerRequest(
      new Request(`${ORIGIN}/api/me`, { headers }),
      { ...local, SESSION_SECRET: btoa('short') },
      execution,
    );
    expect(answer.status).toBe(500);
    expect(log.mock.calls.flat().join()).not.toContain('a.b.c');
    log.mockRestore();
  });
});
