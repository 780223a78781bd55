/** What the environment may say about a local run. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';

export interface Settings {
  readonly port: number;
  readonly simulatorPort: number;
  /** Folder of the local state: D1, R2, objects. */
  readonly stateFolder: string;
  /** Base URL of the carrier; the simulator's own unless somebody stands in between. */
  readonly carrierUrl: string | null;
  /** In place of what wrangler.toml says; null = as it says. */
  readonly sealAfterMs: string | null;
  /** Where workerd's inspector listens; null = nowhere. */
  readonly inspectorPort: number | null;
  /** Secrets from .dev.vars. */
  readonly secrets: Readonly<Record<string, string>>;
}

const ROOT = resolve(import.meta.dirname, '../..');
export const inRoot = (path: string): string => resolve(ROOT, path);

/** Where credentials in .dev.vars belong, unless it says otherwise. */
const REAL_CARRIER = 'https://rest.nexmo.com';

/** Good enough for one machine, where anybody who can read this can read the state folder as well. */
const LOCAL_SECRETS = {
  SESSION_SECRET: Buffer.from('local-only-session-secret-32byte').toString('base64'),
  DATA_KEY: Buffer.from('local-only-data-key-of-32-bytes!').toString('base64'),
};

function number(name: string, fallback: number): number {
  const text = process.env[name];
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535) throw new Error(`${name} must be a port number, not "${text}"`);
  return value;
}

export function readSettings(): Settings {
  const file = inRoot('.dev.vars');
  const own = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
  const secrets = Object.fromEntries(
    Object.entries({ ...LOCAL_SECRETS, ...own }).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
  return {
    port: number('PORT', 8787),
    simulatorPort: number('SIMULATOR_PORT', 8788),
    stateFolder: resolve(process.env['JMC_STATE'] ?? inRoot('.jmc')),
    carrierUrl: process.env['VONAGE_REST_HOST'] ?? secrets['VONAGE_REST_HOST'] ?? (secrets['VONAGE_API_KEY'] ? REAL_CARRIER : null),
    sealAfterMs: process.env['SEAL_AFTER_MS'] ?? null,
    inspectorPort: process.env['INSPECTOR_PORT'] === undefined ? null : number('INSPECTOR_PORT', 0),
    secrets,
  };
}
