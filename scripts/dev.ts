/**
 * `npm run dev`: the platform under `wrangler dev`, which bundles it anew when a file of the Worker changes; beside it the simulator and the
 * console, built anew when theirs do. Demo data, ports and state as for `npm start`. Slower than that: for working on the code.
 */
import './platform/quiet';
import { spawn } from 'node:child_process';
import { buildConsole, buildSimulator } from './platform/builds';
import { SIMULATOR_BUNDLE } from './platform/bundles';
import { announce } from './platform/announce';
import { rebuildOnChange } from './dev/rebuild';
import { applyMigrations, CRON_MS, demoLine, seed, simulatorVars } from './platform/local-platform';
import { runWorker } from './platform/run-worker';
import { inRoot, readSettings } from './platform/settings';

const FIRST_ANSWER_MS = 60_000;
const LOOK_AGAIN_MS = 300;

const settings = readSettings();
await applyMigrations(settings.stateFolder);
const publicUrl = `http://localhost:${settings.port}`;
const startSimulator = (port: number) => runWorker(SIMULATOR_BUNDLE, { port, stateFolder: null, vars: simulatorVars(publicUrl) });
let simulator = await startSimulator(settings.simulatorPort);
const simulatorPort = Number(new URL(simulator.url).port);

const vars = Object.entries({ ...settings.secrets, PUBLIC_URL: publicUrl, VONAGE_REST_HOST: settings.carrierUrl ?? simulator.url });
const worker = spawn(
  inRoot('node_modules/.bin/wrangler'),
  [
    'dev',
    '--port',
    String(settings.port),
    // Any free one: a second project on this machine has its own.
    '--inspector-port',
    '0',
    '--persist-to',
    settings.stateFolder,
    '--show-interactive-dev-session=false',
    ...vars.flatMap(([name, value]) => ['--var', `${name}:${value}`]),
  ],
  { cwd: inRoot('.'), stdio: ['ignore', 'inherit', 'inherit'] },
);

// What the console takes from elsewhere is bundled into it.
const stopWatching = [
  rebuildOnChange({ name: 'console', folders: ['web', 'i18n', 'schema', 'workers/rules'], build: buildConsole }),
  rebuildOnChange({
    name: 'simulator',
    folders: ['workers/simulator', 'workers/rules'],
    build: async () => {
      await buildSimulator();
      await simulator.stop();
      simulator = await startSimulator(simulatorPort);
    },
  }),
];
// `wrangler dev` keeps no time: without this no repair would ever run.
const cron = setInterval(() => void fetch(`${publicUrl}/cdn-cgi/local/scheduled`).catch(() => undefined), CRON_MS);

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => worker.kill('SIGTERM'));
// Whatever ends this process, an exception too, must not leave the port taken.
process.once('exit', () => worker.kill('SIGTERM'));
worker.on('close', (status) => {
  clearInterval(cron);
  for (const stop of stopWatching) stop();
  void simulator.stop().finally(() => process.exit(status ?? 0));
});

await firstAnswer();
announce(demoLine(publicUrl, simulator.url, await seed(publicUrl)));

async function firstAnswer(): Promise<void> {
  const until = Date.now() + FIRST_ANSWER_MS;
  while (Date.now() < until) {
    const answer = await fetch(`${publicUrl}/healthz`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((go) => setTimeout(go, LOOK_AGAIN_MS));
  }
  worker.kill('SIGTERM');
  throw new Error(`nothing answers at ${publicUrl}`);
}
