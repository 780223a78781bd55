/** A text reaches the carrier as it was given: nothing trimmed, normalised or transliterated. */
import * as fc from 'fast-check';
import { expect, inject, it, vi } from 'vitest';
import { SendAnswer } from '../../schema/api/messages';
import { estimate } from '../../workers/messages/estimate';
import { apiClient } from '../support/api-client';
import { connectFakeCarrier } from '../support/fake-carrier-client';
import { makeWorld } from '../support/world';

const carrierUrl = inject('carrierUrl');
const carrier = connectFakeCarrier(carrierUrl);
const TEXTS = [
  ' leading and trailing ',
  'two\r\nlines\tand a tab\n',
  'e\u0301 is not é, ﬁ is not fi, Ａ is not A',
  '^{}\\[~]|€ of the extension table',
  '“quotes” – dashes … and\u00a0blanks\u200b',
  '👨‍👩‍👧 🇸🇬 1️⃣',
  '\u202bשלום\u202c',
  '&lt;b&gt; %20 + \' " \\u00e9 {{',
  ...fc.sample(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }), { numRuns: 40, seed: 7 }),
  ...fc.sample(fc.string({ unit: fc.constantFrom(...'a€[😀锦 \n'), minLength: 60, maxLength: 200 }), { numRuns: 20, seed: 8 }),
].filter((text) => text.trim() !== '' && !/[\0\p{Surrogate}]/u.test(text));

it.each(['auto', 'unicode'] as const)('with type %s, in as many parts as an estimate says', async (type) => {
  const world = await makeWorld({ restHost: carrierUrl, perSecond: 10_000 });
  const client = apiClient(world.transactional);
  const to = TEXTS.map((text, at) => ({ to: `+659${type === 'auto' ? 45 : 46}${String(at).padStart(5, '0')}`, variables: { text } }));
  const answer = await client.call('POST', '/v1/messages', { from: 'JINMU', text: '{{text}}', type, to });
  const { messages, rejected } = SendAnswer.parse(answer.body);
  expect(rejected).toEqual([]);
  expect(messages.map(({ parts }) => parts)).toEqual(TEXTS.map((text) => estimate(text, type, [], {}).parts));
  const sent = await vi.waitFor(
    async () => {
      const found = await Promise.all(messages.map(({ id }) => carrier.messages({ clientRef: id })));
      expect(found.every((one) => one.length === 1)).toBe(true);
      return found.flat();
    },
    { timeout: 20_000, interval: 100 },
  );
  expect(sent.map(({ text }) => text)).toEqual(TEXTS);
});
