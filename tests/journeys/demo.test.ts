import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import Papa from 'papaparse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoLine } from '../../scripts/platform/local-platform';
import { freePort } from '../support/server';

const ROOT = resolve(import.meta.dirname, '../..');
const ROWS = 3_000;

interface Run {
  readonly status: number | null;
  readonly output: string;
}

async function runDemo(stateFolder: string, ...args: string[]): Promise<Run> {
  const env = { ...process.env, PORT: String(await freePort()), SIMULATOR_PORT: String(await freePort()), JMC_STATE: stateFolder };
  const child = spawn(join(ROOT, 'node_modules/.bin/tsx'), [join(ROOT, 'scripts/demo.ts'), ...args], {
    cwd: ROOT,
    env: { ...env, PATH: `${join(ROOT, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}` },
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const status = await new Promise<number | null>((done) => child.once('exit', done));
  return { status, output };
}

describe('npm run demo -- --exit', () => {
  let stateFolder = '';
  let run: Run = { status: null, output: '' };

  beforeAll(async () => {
    stateFolder = await mkdtemp(join(tmpdir(), 'jmc-demo-'));
    run = await runDemo(stateFolder, '--rows', String(ROWS), '--exit');
  });
  afterAll(() => rm(stateFolder, { recursive: true, force: true }));

  it('ends with status 0 when recipients, simulator and export agree', () => {
    // Whole, so that a failure shows what it printed.
    expect(run).toMatchObject({ status: 0 });
  });

  it('prints one line of JSON with the addresses, the logins and the keys of two tenants', () => {
    const line = JSON.parse(run.output.split('\n').find((text) => text.startsWith('{"demo":')) ?? 'null') as DemoLine;
    expect(line.demo.url).toMatch(/^http:\/\/localhost:\d+$/);
    expect(line.demo.mailbox).toContain('/local/mailbox');
    expect(line.demo.logins[0]).toMatchObject({ email: expect.any(String), phone: expect.any(String), password: expect.any(String) });
    expect(line.demo.keys.map(({ kind, test }) => `${kind}${test ? ' test' : ''}`)).toEqual(
      expect.arrayContaining(['marketing', 'transactional', expect.stringContaining('test')]),
    );
    expect(line.other.logins.length).toBeGreaterThan(0);
    expect(line.other.keys.length).toBeGreaterThan(0);
  });

  it('leaves a csv that a spreadsheet opens: a BOM, Chinese headings, one row a recipient, nobody twice', async () => {
    const text = await readFile(join(stateFolder, 'demo/log.csv'), 'utf8');
    expect(text.startsWith('\uFEFF')).toBe(true);
    const { data, errors } = Papa.parse<string[]>(text.slice(1).trimEnd());
    expect(errors).toEqual([]);
    const [header, ...rows] = data;
    expect(header).toContain('短信ID');
    const to = header?.indexOf('手机号码') ?? -1;
    expect(to).toBeGreaterThanOrEqual(0);
    const recipients = rows.map((row) => row[to]);
    expect(new Set(recipients).size).toBe(rows.length);
    // Of 3,000 rows 30 are bad, 49 repeat, 6 are blacklisted (a few of these fall together).
    expect(rows.length).toBeGreaterThan(ROWS * 0.96);
    expect(rows.length).toBeLessThan(ROWS);
  });
});
