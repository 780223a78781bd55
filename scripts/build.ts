/** Builds the console (browser part, server part) and bundles both Workers into .build/, as a deployment would. */
import './platform/quiet';
import { runTool } from './platform/command';
import { PLATFORM_BUNDLE, SIMULATOR_BUNDLE } from './platform/bundles';

const startedAt = performance.now();

/** Vite's own caches are not safe for two builds at once; the simulator is independent of both. */
async function buildPlatform(): Promise<void> {
  await runTool('vite', ['build']);
  await runTool('vite', ['build', '-c', 'vite.worker.config.ts']);
  await runTool('wrangler', ['deploy', '--dry-run', '--outdir', PLATFORM_BUNDLE.folder]);
}

await Promise.all([
  buildPlatform(),
  runTool('wrangler', ['deploy', '--dry-run', '-c', SIMULATOR_BUNDLE.config, '--outdir', SIMULATOR_BUNDLE.folder]),
]);
console.error(`built in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
