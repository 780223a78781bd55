/** `npm run dev`: `wrangler dev` with rebuilds of the console, beside the simulator. Slower than `npm start`, for working on the code. */
import './platform/quiet';
import { spawn } from 'node:child_process';
import { SIMULATOR_BUNDLE } from './platform/bundles';
import { runTool } from './platform/command';
import { runWorker } from './platform/run-worker';
import { inRoot, readSettings } from './platform/settings';

const settings = readSettings();
await runTool('wrangler', ['d1', 'migrations', 'apply', 'DB', '--local', '--persist-to', settings.stateFolder]);
const publicUrl = `http://localhost:${settings.port}`;
const simulator = await runWorker(SIMULATOR_BUNDLE, {
  port: settings.simulatorPort,
  stateFolder: null,
  vars: { RECEIPT_URL: `${publicUrl}/carriers/vonage/receipts`, INBOUND_URL: `${publicUrl}/carriers/vonage/inbound` },
});
const vars = Object.entries({ ...settings.secrets, PUBLIC_URL: publicUrl, VONAGE_REST_HOST: settings.carrierUrl ?? simulator.url });
const watchConsole = spawn(inRoot('node_modules/.bin/vite'), ['build', '-c', 'vite.worker.config.ts', '--watch'], { stdio: 'ignore' });
const worker = spawn(
  inRoot('node_modules/.bin/wrangler'),
  [
    'dev',
    '--port',
    String(settings.port),
    '--persist-to',
    settings.stateFolder,
    ...vars.flatMap(([name, value]) => ['--var', `${name}:${value}`]),
  ],
  { stdio: 'inherit' },
);
worker.on('close', (status) => {
  watchConsole.kill();
  void simulator.stop().finally(() => process.exit(status ?? 0));
});
