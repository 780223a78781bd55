/** From the call of the API to the carrier's request, for one-time codes: on the idle platform, and while a campaign goes out flat out. */
import { until } from '../tests/journeys/support/journey';
import { checkFile, countIn, hasEnded, STEP_LIMIT_MS, withPlatform, type BenchPlatform } from './bench-platform';
import { percentile, type Report } from './figure';
import { withRecipients } from './recipient-file';

const TASK_ROWS = 200_000;
const CODES = 300;
const CODES_PER_SECOND = 10;
/** A sender of their own, by which the carrier finds them among the campaign's. */
const SENDER = 'CODES';
/** The carrier tells of so many messages of a sender. */
const CODES_KNOWN = 1_000;

interface Sent {
  readonly id: string;
  readonly at: number;
}

async function sendCode(platform: BenchPlatform, authorization: string, code: number): Promise<Sent> {
  const at = Date.now();
  const answer = await fetch(`${platform.platform.url}/v1/messages`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ from: SENDER, to: `+658${String(1_000_000 + code)}`, text: `Your code is ${100_000 + code}.` }),
  });
  if (answer.status !== 202) throw new Error(`a code was answered ${answer.status}: ${await answer.text()}`);
  const { messages } = await answer.json<{ messages: readonly { id: string }[] }>();
  const [message] = messages;
  if (!message) throw new Error('a code was accepted without an id');
  return { id: message.id, at };
}

/** Each code at its time, whatever became of the ones before. @returns milliseconds from call to carrier, one a code */
async function latencies(platform: BenchPlatform, authorization: string): Promise<readonly number[]> {
  const startedAt = Date.now();
  const one = async (_: unknown, code: number): Promise<Sent> => {
    await new Promise((due) => setTimeout(due, startedAt + (code * 1_000) / CODES_PER_SECOND - Date.now()));
    return sendCode(platform, authorization, code);
  };
  const sent = await Promise.all(Array.from({ length: CODES }, one));
  const arrivals = async (): Promise<ReadonlyMap<string, number>> => {
    const messages = await platform.carrier.messages({ from: SENDER, limit: CODES_KNOWN });
    return new Map(messages.map(({ clientRef, at }) => [clientRef ?? '', Date.parse(at)]));
  };
  const arrived = await until('the codes', STEP_LIMIT_MS, arrivals, (known) => sent.every(({ id }) => known.has(id)));
  return sent.map(({ id, at }) => (arrived.get(id) ?? Number.NaN) - at);
}

/** @param rows of the campaign */
export async function measureTransactional(report: Report, rows = TASK_ROWS): Promise<void> {
  await withRecipients(rows, async (path) =>
    withPlatform(async (platform) => {
      const key = platform.platform.line.demo.keys.find(({ kind, test }) => kind === 'transactional' && !test);
      if (!key) throw new Error('the demo data lacks a transactional key');
      const authorization = `Bearer ${key.baseKey}:${key.secret}`;
      const { client } = platform;
      const { id } = await checkFile(platform, path);
      // Not the first of the day: it opens the shard of its key.
      await sendCode(platform, authorization, CODES);
      const idle = await latencies(platform, authorization);
      await client.confirm(id);
      const submitted = async (): Promise<number> => (await platform.carrier.stats()).accepted;
      await until(
        'the campaign',
        STEP_LIMIT_MS,
        () => client.task(id),
        (view) => countIn(view, ['submitted', 'delivered']) > 0,
      );
      const [before, startedAt] = [await submitted(), performance.now()];
      const busy = await latencies(platform, authorization);
      const perSecond = ((await submitted()) - before) / ((performance.now() - startedAt) / 1_000);
      if (hasEnded(await client.task(id))) throw new Error('the campaign was over before the last code: take more rows');
      for (const [share, mark] of [
        [0.5, 'p50'],
        [0.99, 'p99'],
      ] as const) {
        report({
          figure: `code, call to carrier, beside a campaign, ${mark}`,
          value: percentile(busy, share),
          unit: 'ms',
          rows: CODES,
          reference: 'the same on the idle platform',
          referenceValue: percentile(idle, share),
        });
      }
      report({ figure: 'sent meanwhile, codes and campaign', value: perSecond, unit: 'messages/s', rows });
    }),
  );
}
