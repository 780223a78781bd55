import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { WEBHOOK_LIFETIME_MS, WEBHOOK_PAUSES_MS } from '../../schema/limits';
import { joinParts, type InboundPart } from '../../workers/rules/joined-parts';
import { isOptOut } from '../../workers/rules/opt-out';
import { nextTryAt, retryAfterMs } from '../../workers/rules/webhook-retry';
import { newWebhookSecret, signWebhook, webhookKey } from '../../workers/rules/webhook-signature';

const byNode = (secret: string, content: string): string =>
  `v1,${createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64'))
    .update(content)
    .digest('base64')}`;

describe('a signature', () => {
  it('is the one that the specification of Standard Webhooks gives as its example', async () => {
    const key = await webhookKey('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
    expect(await signWebhook([key], 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330, '{"test": 2432232314}')).toBe(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    );
  });

  it('is accepted by the library of the standard, with either of two secrets, and not for another body or another time', async () => {
    const [old, young] = [newWebhookSecret(), newWebhookSecret()];
    const now = Math.floor(Date.now() / 1_000);
    const body = '{"type":"receipt","data":{"to":"+8613800138000"}}';
    const headersAt = async (timestamp: number) => ({
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(timestamp),
      'webhook-signature': await signWebhook(await Promise.all([young, old].map(webhookKey)), 'msg_1', timestamp, body),
    });
    const headers = await headersAt(now);
    for (const secret of [old, young]) expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
    expect(() => new Webhook(old).verify(`${body} `, headers)).toThrow('No matching signature');
    expect(() => new Webhook(newWebhookSecret()).verify(body, headers)).toThrow('No matching signature');
    const late = await headersAt(now - 3_600);
    expect(() => new Webhook(old).verify(body, late)).toThrow('too old');
  });

  it('is what node computes, of any body and with two secrets', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), fc.nat(), async (body, timestamp) => {
        const secrets = [newWebhookSecret(), newWebhookSecret()];
        const signed = await signWebhook(await Promise.all(secrets.map(webhookKey)), 'msg_1', timestamp, body);
        expect(signed).toBe(secrets.map((secret) => byNode(secret, `msg_1.${timestamp}.${body}`)).join(' '));
      }),
      { numRuns: 50 },
    );
  });
});

describe('the next try', () => {
  it('comes after 5 s, 5 min, 30 min, 2 h, 5 h and 10 h, and then no more', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7].map((attempts) => nextTryAt(attempts, 0, 0, null, () => 0));
    expect(waits).toEqual([5_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000, null]);
  });

  it('is put off by chance, never brought nearer', () => {
    expect(nextTryAt(2, 0, 0, null, () => 0.5)).toBe(330_000);
    expect(WEBHOOK_PAUSES_MS.reduce((sum, pause) => sum + pause * 1.2, 0)).toBeLessThan(WEBHOOK_LIFETIME_MS);
  });

  it('waits as long as the customer asks, and is given up when that is more than a day', () => {
    expect(nextTryAt(1, 0, 1_000, 60_000, () => 0)).toBe(61_000);
    expect(nextTryAt(1, 0, 1_000, 2_000, () => 0)).toBe(6_000);
    expect(nextTryAt(1, 0, 1_000, WEBHOOK_LIFETIME_MS, () => 0)).toBeNull();
  });

  it.each([
    ['120', 120_000],
    [' 5 ', 5_000],
    ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
    ['Wed, 31 Dec 2025 23:59:00 GMT', null],
    ['soon', null],
    ['-1', null],
    ['0', null],
    ['999999999', 10 * 60 * 60 * 1_000],
    ['9'.repeat(400), 10 * 60 * 60 * 1_000],
    ['Thu, 01 Jan 2099 00:00:00 GMT', 10 * 60 * 60 * 1_000],
    [null, null],
  ])('reads Retry-After %j', (header, expected) => {
    expect(retryAfterMs(header, Date.parse('2026-01-01T00:00:00Z'))).toBe(expected);
  });
});

describe('a reply', () => {
  it.each([
    'T',
    't',
    'TD',
    'td.',
    'Ｔ',
    'ＴＤ',
    'STOP',
    'Stop!',
    '  stop please',
    '"STOP"',
    'STOP ALL',
    'UNSUBSCRIBE',
    'unsubscribe me',
    'opt-out',
    'Cancel',
    'end',
    'QUIT',
    'arret',
    '退订',
    '退訂',
    '退订。',
    '退订谢谢',
    '【退订】',
    '拒收',
    '取消订阅',
  ])('%j means no more messages', (text) => {
    expect(isOptOut(text)).toBe(true);
  });

  it.each([
    '',
    ' ',
    'Thanks',
    'TO',
    'ok T',
    "don't stop",
    'nonstop',
    'STOPPED by, nobody home',
    '不退订',
    '好的',
    'Yes',
    '1',
    '😀',
    'the end',
  ])('%j does not', (text) => {
    expect(isOptOut(text)).toBe(false);
  });
});

describe('the parts of a message', () => {
  const part = (number: number, text: string, receivedAt = number, id = `id-${number}`): InboundPart => ({
    id,
    part: number,
    text,
    receivedAt,
  });

  it('make it whole in whatever order they come, some of them twice', () => {
    const parts = [part(1, 'Good '), part(2, 'mor'), part(3, 'ning')];
    fc.assert(
      fc.property(fc.shuffledSubarray([...parts, part(2, 'mor', 9, 'id-2b')], { minLength: 4 }), (shuffled) => {
        expect(joinParts(shuffled, 3, false)).toMatchObject({ id: 'id-1', text: 'Good morning', isComplete: true });
      }),
    );
  });

  it('wait for each other, and are joined with a gap when the others do not come', () => {
    const some = [part(4, 'end'), part(1, 'Start')];
    expect(joinParts(some, 4, false)).toBeNull();
    expect(joinParts(some, 4, true)).toMatchObject({ id: 'id-1', text: 'Start…end', isComplete: false });
    expect(joinParts([part(2, 'x')], 3, true)).toMatchObject({ id: 'id-2', text: '…x…' });
    expect(joinParts([], 3, true)).toBeNull();
  });

  it('of the next message under the same reference are left for it', () => {
    const joined = joinParts([part(1, 'A1', 1, 'a1'), part(1, 'B1', 3, 'b1'), part(2, 'A2', 2, 'a2')], 2, false);
    expect(joined).toMatchObject({ text: 'A1A2', parts: [{ id: 'a1' }, { id: 'a2' }] });
  });
});
