/** `npm run deploy [-- staging]`: D1 migrations, then the Worker, to one environment; production unless said otherwise. */
import { spawnSync } from 'node:child_process';
import { inRoot } from './platform/settings';

const environment = process.argv[2] ?? 'production';
const steps = [
  ['d1', 'migrations', 'apply', 'DB', '--remote', '--env', environment],
  ['deploy', '--env', environment],
];
for (const args of steps) {
  const { status } = spawnSync(inRoot('node_modules/.bin/wrangler'), args, { stdio: 'inherit', cwd: inRoot('.') });
  if (status !== 0) process.exit(status ?? 1);
}
