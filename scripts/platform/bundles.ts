/** Where the build puts the bundled Workers. */
import { join } from 'node:path';
import { inRoot } from './settings';

export interface Bundle {
  readonly config: string;
  readonly folder: string;
  readonly script: string;
}

const bundle = (config: string, folder: string): Bundle => ({
  config: inRoot(config),
  folder: inRoot(folder),
  script: join(inRoot(folder), 'index.js'),
});

export const PLATFORM_BUNDLE = bundle('wrangler.toml', '.build/platform');
export const SIMULATOR_BUNDLE = bundle('workers/simulator/wrangler.toml', '.build/simulator');
