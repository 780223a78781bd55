/** The builds that the platform is made of. */
import { PLATFORM_BUNDLE, SIMULATOR_BUNDLE } from './bundles';
import { runTool } from './command';

/** The browser's half, then the server's, which names files of the first. Vite's own caches are not safe for two builds at once. */
export async function buildConsole(): Promise<void> {
  await runTool('vite', ['build']);
  await runTool('vite', ['build', '-c', 'vite.worker.config.ts']);
}

export async function buildPlatform(): Promise<void> {
  await buildConsole();
  await runTool('wrangler', ['deploy', '--dry-run', '--outdir', PLATFORM_BUNDLE.folder]);
}

export async function buildSimulator(): Promise<void> {
  await runTool('wrangler', ['deploy', '--dry-run', '-c', SIMULATOR_BUNDLE.config, '--outdir', SIMULATOR_BUNDLE.folder]);
}
