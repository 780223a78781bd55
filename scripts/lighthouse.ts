/**
 * `npm run lighthouse`: scores of Lighthouse for the pages that people open most, from the built platform on a state of its own,
 * signed in. Exit status 1 when a page has less than 95 in a category. Lighthouse itself (180 MB) comes through npx when this is asked for.
 */
import './platform/quiet';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchShared } from '../tests/browser/kit/browser';
import { signIn } from '../tests/browser/kit/sign-in';
import { freePort, startPlatform } from '../tests/support/server';
import { runCommand } from './platform/command';

const LIGHTHOUSE = 'lighthouse@13.5.0';
const PAGES = ['/sign-in', '/', '/tasks/new', '/logs'];
const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'];
const LEAST = 0.95;

interface Result {
  readonly finalDisplayedUrl: string;
  readonly categories: Record<
    string,
    { readonly score: number | null; readonly auditRefs: readonly { readonly id: string; readonly weight: number }[] }
  >;
  readonly audits: Record<string, { readonly title: string; readonly score: number | null; readonly displayValue?: string }>;
}

const folder = await mkdtemp(join(tmpdir(), 'jmc-lighthouse-'));
const platform = await startPlatform({ stateFolder: join(folder, 'state') });
const debugging = await freePort();
const context = await launchShared(join(folder, 'profile'), debugging);

async function measure(path: string): Promise<Result> {
  const report = join(folder, 'report.json');
  // The browser is signed in: its storage is not to be cleared.
  const attach = [`--port=${debugging}`, '--disable-storage-reset', '--quiet', '--no-enable-error-reporting'];
  const output = ['--output=json', `--output-path=${report}`, `--only-categories=${CATEGORIES.join(',')}`];
  await runCommand('npx', ['--yes', LIGHTHOUSE, platform.url + path, ...attach, ...output]);
  return JSON.parse(await readFile(report, 'utf8')) as Result;
}

/** What keeps a category below the best, the heaviest first. */
function* faults({ categories, audits }: Result): Generator<string> {
  for (const name of CATEGORIES) {
    const refs = categories[name]?.auditRefs ?? [];
    for (const { id, weight } of refs.toSorted((a, b) => b.weight - a.weight)) {
      const audit = audits[id];
      if (audit && weight > 0 && audit.score !== null && audit.score < 0.9) yield `${name}: ${audit.title} ${audit.displayValue ?? ''}`;
    }
  }
}

try {
  console.log(['page', ...CATEGORIES].join('\t'));
  for (const path of PAGES) {
    const result = await measure(path);
    if (new URL(result.finalDisplayedUrl).pathname !== path) throw new Error(`${path} leads to ${result.finalDisplayedUrl}`);
    const scores = CATEGORIES.map((name) => result.categories[name]?.score ?? 0);
    console.log([path, ...scores.map((score) => Math.round(score * 100))].join('\t'));
    for (const fault of faults(result)) console.log(`  ${fault}`);
    if (scores.some((score) => score < LEAST)) process.exitCode = 1;
    const [page] = context.pages();
    const [login] = platform.line.demo.logins;
    if (path === '/sign-in' && page && login) await signIn(page, platform, login);
  }
} finally {
  await context.close();
  await platform.stop();
  await rm(folder, { recursive: true, force: true });
}
