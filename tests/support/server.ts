/** The built platform as `npm start` runs it, in processes of its own, so that a test can end them the hard way. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { DemoLine } from '../../scripts/platform/local-platform';

const ROOT = resolve(import.meta.dirname, '../..');
const START_TIMEOUT_MS = 60_000;

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

export interface PlatformOptions {
  /** Kept between two starts; a folder of its own otherwise. */
  readonly stateFolder?: string;
  readonly port?: number;
  /** Base URL of a carrier that outlives the platform. */
  readonly carrierUrl?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface TestPlatform {
  readonly url: string;
  readonly simulator: string;
  readonly mailbox: string;
  readonly line: DemoLine;
  readonly port: number;
  readonly stateFolder: string;
  stop(): Promise<void>;
  /** SIGKILL to every process of the platform at once: nothing gets a chance to finish. */
  killHard(): Promise<void>;
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((done) => {
    if (child.exitCode !== null || child.signalCode !== null) done();
    else child.once('exit', () => done());
  });
}

/** The JSON line that the start script prints; whatever else it says is part of the error when none comes. */
function readLine(child: ChildProcess): Promise<DemoLine> {
  return new Promise((done, fail) => {
    const said: string[] = [];
    const timer = setTimeout(() => fail(new Error(`the platform did not start in time\n${said.join('\n')}`)), START_TIMEOUT_MS);
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on('line', (text) => {
        said.push(text);
        if (!text.startsWith('{"demo":')) return;
        clearTimeout(timer);
        done(JSON.parse(text) as DemoLine);
      });
    }
    child.once('exit', (status) => {
      clearTimeout(timer);
      fail(new Error(`the platform ended with ${status} before it had started\n${said.join('\n')}`));
    });
  });
}

export async function startPlatform(options: PlatformOptions = {}): Promise<TestPlatform> {
  const stateFolder = options.stateFolder ?? (await mkdtemp(join(tmpdir(), 'jmc-')));
  const port = options.port ?? (await freePort());
  const child = spawn(join(ROOT, 'node_modules/.bin/tsx'), [join(ROOT, 'scripts/start.ts')], {
    cwd: ROOT,
    detached: true, // a process group of its own, so that killHard reaches workerd as well
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PATH: `${join(ROOT, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`,
      PORT: String(port),
      SIMULATOR_PORT: String(await freePort()),
      JMC_STATE: stateFolder,
      ...(options.carrierUrl === undefined ? {} : { VONAGE_REST_HOST: options.carrierUrl }),
      ...options.env,
    },
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('the platform could not be started');
  const line = await readLine(child);
  const signal = async (name: NodeJS.Signals): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-pid, name);
    await ended(child);
  };
  return {
    url: line.demo.url,
    simulator: line.demo.simulator,
    mailbox: line.demo.mailbox,
    line,
    port,
    stateFolder,
    stop: async () => {
      await signal('SIGTERM');
      if (options.stateFolder === undefined) await rm(stateFolder, { recursive: true, force: true });
    },
    killHard: () => signal('SIGKILL'),
  };
}
