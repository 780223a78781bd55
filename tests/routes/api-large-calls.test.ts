/** A thousand recipients in one call, each with words of its own: more than one statement may carry. */
import { describe, expect, it } from 'vitest';
import type { SendAnswer } from '../../schema/api/messages';
import { RECIPIENTS_PER_REQUEST } from '../../schema/limits';
import { apiClient } from '../support/api-client';
import { makeWorld } from '../support/world';

const COUNTRIES = ['+65912', '+8613800', '+44740012'] as const;

describe('a call of a thousand', () => {
  it.each([
    ['one text and a reference for each', (at: number) => ({ client_ref: `r${at}` })],
    ['one text for several countries', () => ({})],
    ['a text for each', (at: number) => ({ variables: { name: `${at}` } })],
  ])('is accepted whole with %s of a thousand Chinese characters', async (_what, own) => {
    const world = await makeWorld();
    await world.gateways.objects.keyGate(world.test.id).patch({ perSecond: 10_000 });
    const client = apiClient(world.test);
    const text = '锦'.repeat(990) + '{{name}}';
    const to = Array.from({ length: RECIPIENTS_PER_REQUEST }, (_, at) => {
      const prefix = COUNTRIES[at % COUNTRIES.length] ?? '';
      return { to: prefix + String(at).padStart(prefix === '+65912' ? 5 : prefix === '+8613800' ? 6 : 4, '0'), ...own(at) };
    });
    const sent = await client.call<SendAnswer>('POST', '/v1/messages', { from: 'JINMU', text, to });
    expect(sent.status).toBe(202);
    const { messages, rejected } = sent.body;
    expect(rejected).toEqual([]);
    expect(new Set(messages.map(({ id }) => id)).size).toBe(RECIPIENTS_PER_REQUEST);
    for (const at of [0, 1, 499, 500, 999]) {
      const message = messages[at];
      const found = await client.call('GET', `/v1/messages/${encodeURIComponent(message?.id ?? '')}`);
      expect(found.body).toMatchObject({ to: to[at]?.to, parts: 15, client_ref: message?.client_ref ?? null });
    }
  });
});
