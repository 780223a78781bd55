/** Requests a second that `POST /v1/messages` accepts, and how long one waits, beside a bare Worker that does one object call with one insert. */
import { withPlatform, type BenchPlatform } from './bench-platform';
import { percentile, type Report } from './figure';
import { sendAll, sendSteadily, type LoadResult, type Post } from './load';
import { cpuTime, processListeningOn } from './process';
import { withBareWorker } from './references/bare-accept';

interface AcceptCase {
  readonly recipients: number;
  readonly requests: number;
  /** Of the steady run, about a tenth of what either can. */
  readonly perSecond: number;
}
const CASES: readonly AcceptCase[] = [
  { recipients: 1, requests: 3_000, perSecond: 100 },
  { recipients: 100, requests: 300, perSecond: 10 },
];
const AT_ONCE = 16;
const STEADY_MS = 10_000;
/** Requests before the first that counts. */
const WARM_UP = 100;
const REFERENCE = 'a bare Worker: one object call, one insert';
/** So long that next to nothing is sent while requests are counted: on Cloudflare another machine sends. */
const CARRIER_AWAY_MS = 10_000;

function postsOf(url: string, authorization: string, { recipients }: AcceptCase, requests: number): Post[] {
  const headers = { authorization, 'content-type': 'application/json' };
  return Array.from({ length: requests }, (_, request) => {
    const numbers = Array.from(
      { length: recipients },
      (_unused, at) => `+62812${String(10_000_000 + request * recipients + at).slice(-8)}`,
    );
    const to = recipients === 1 ? numbers[0] : numbers;
    const body = JSON.stringify({ from: 'JINMU', to, text: `Your code is ${100_000 + request}. It is valid for five minutes.` });
    return { url: `${url}/v1/messages`, headers, body, expectedStatus: 202 };
  });
}

interface Measured extends LoadResult {
  /** Of the workerd that answers, a request. */
  readonly cpuMs: number;
}

async function flatOut(pid: number, posts: readonly Post[]): Promise<Measured> {
  await sendAll(posts.slice(0, WARM_UP), AT_ONCE);
  const before = await cpuTime(pid);
  const counted = posts.slice(WARM_UP);
  const result = await sendAll(counted, AT_ONCE);
  return { ...result, cpuMs: ((await cpuTime(pid)) - before) / counted.length };
}

async function measureCase(report: Report, wanted: AcceptCase, platform: BenchPlatform, bareUrl: string): Promise<void> {
  const { recipients, requests, perSecond } = wanted;
  const key = platform.platform.line.demo.keys.find(({ kind, test }) => kind === 'transactional' && !test);
  if (!key) throw new Error('the demo data lacks a transactional key');
  const authorization = `Bearer ${key.baseKey}:${key.secret}`;
  const name = recipients === 1 ? '1 recipient' : `${recipients} recipients`;
  const barePid = await processListeningOn(Number(new URL(bareUrl).port));
  const to = { platform: platform.platform.url, bare: bareUrl };

  const all = requests + WARM_UP;
  const before = await flatOut(barePid, postsOf(to.bare, authorization, wanted, all));
  await platform.carrier.control({ answerDelayMs: CARRIER_AWAY_MS });
  const own = await flatOut(platform.pid, postsOf(to.platform, authorization, wanted, all));
  await platform.carrier.control({ answerDelayMs: 0 });
  // Once more, so that a busy machine is as likely to slow the one as the other.
  const after = await flatOut(barePid, postsOf(to.bare, authorization, wanted, all));
  const shared = { rows: requests, reference: REFERENCE };
  report({
    figure: `accepted, ${name}`,
    value: own.perSecond,
    unit: 'requests/s',
    ...shared,
    referenceValue: (before.perSecond + after.perSecond) / 2,
  });
  report({
    figure: `CPU of workerd, ${name}`,
    value: own.cpuMs * 1_000,
    unit: 'µs/request',
    ...shared,
    referenceValue: ((before.cpuMs + after.cpuMs) / 2) * 1_000,
  });

  const steady = Math.round((perSecond * STEADY_MS) / 1_000);
  const bareSteady = await sendSteadily(postsOf(to.bare, authorization, wanted, steady), perSecond);
  const ownSteady = await sendSteadily(postsOf(to.platform, authorization, wanted, steady), perSecond);
  for (const [share, mark] of [
    [0.5, 'p50'],
    [0.99, 'p99'],
  ] as const) {
    report({
      figure: `${mark} at ${perSecond} requests/s, ${name}, sent meanwhile`,
      value: percentile(ownSteady.latenciesMs, share),
      unit: 'ms',
      rows: steady,
      reference: REFERENCE,
      referenceValue: percentile(bareSteady.latenciesMs, share),
    });
  }
}

/** @param rows requests of each case */
export async function measureAccept(report: Report, rows?: number): Promise<void> {
  await withBareWorker(async (bareUrl) => {
    // A platform for each, so that the messages of the one are not sent while the other is measured.
    for (const wanted of CASES)
      await withPlatform((platform) => measureCase(report, { ...wanted, requests: rows ?? wanted.requests }, platform, bareUrl));
  });
}
