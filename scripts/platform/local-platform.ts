/** The whole platform on this machine: migrations, the platform's Worker, the simulator's Worker, the minute cron, the demo data. */
import { join } from 'node:path';
import { PLATFORM_BUNDLE, SIMULATOR_BUNDLE } from './bundles';
import { runTool } from './command';
import { runWorker, type RunningWorker } from './run-worker';
import type { Settings } from './settings';

/**
 * What Cloudflare gives an isolate is 128 MB, buffers included; workerd alone would give it gigabytes, and nobody would see what does not fit.
 * Locally all objects, requests and consumers share one.
 */
const ISOLATE_HEAP_MIB = 100;
/** As `[triggers]` in wrangler.toml says. */
export const CRON_MS = 60_000;

export interface DemoLogin {
  readonly email: string;
  readonly phone: string;
  readonly password: string;
}
export interface DemoKey {
  readonly name: string;
  readonly baseKey: string;
  readonly secret: string;
  readonly kind: 'marketing' | 'transactional';
  readonly test: boolean;
}
interface SeedAnswer {
  readonly demo: { readonly logins: readonly DemoLogin[]; readonly keys: readonly DemoKey[] };
  readonly other: { readonly logins: readonly DemoLogin[]; readonly keys: readonly DemoKey[] };
  readonly operator: { readonly email: string; readonly password: string };
}
export interface DemoLine {
  readonly demo: SeedAnswer['demo'] & { readonly url: string; readonly simulator: string; readonly mailbox: string };
  readonly other: SeedAnswer['other'];
  /** The service team's own sign-in. */
  readonly operator: SeedAnswer['operator'] & { readonly url: string };
}

export interface LocalPlatform {
  readonly line: DemoLine;
  stop(): Promise<void>;
}

/** `wrangler d1 migrations apply` writes where miniflare reads: `<folder>/v3`. */
export async function applyMigrations(stateFolder: string): Promise<void> {
  await runTool('wrangler', ['d1', 'migrations', 'apply', 'DB', '--local', '--persist-to', stateFolder]);
}

export async function seed(platformUrl: string): Promise<SeedAnswer> {
  const answer = await fetch(`${platformUrl}/local/seed`, { method: 'POST' });
  if (!answer.ok) throw new Error(`seeding answered ${answer.status}: ${await answer.text()}`);
  const seeded: SeedAnswer = await answer.json();
  return seeded;
}

/** Where the simulator sends receipts and inbound messages. */
export const simulatorVars = (platformUrl: string): Readonly<Record<string, string>> => ({
  RECEIPT_URL: `${platformUrl}/carriers/vonage/receipts`,
  INBOUND_URL: `${platformUrl}/carriers/vonage/inbound`,
});

export const demoLine = (url: string, simulator: string, seeded: SeedAnswer): DemoLine => ({
  demo: { url, simulator, mailbox: `${url}/local/mailbox`, ...seeded.demo },
  other: seeded.other,
  operator: { url: `${url}/operators`, ...seeded.operator },
});

export async function startLocalPlatform(settings: Settings): Promise<LocalPlatform> {
  await applyMigrations(settings.stateFolder);
  const running: RunningWorker[] = [];
  let cron: ReturnType<typeof setInterval> | undefined;
  const stop = async (): Promise<void> => {
    clearInterval(cron);
    await Promise.all(running.map((worker) => worker.stop()));
  };
  try {
    const publicUrl = `http://localhost:${settings.port}`;
    const simulator = await runWorker(SIMULATOR_BUNDLE, {
      port: settings.simulatorPort,
      stateFolder: null,
      vars: simulatorVars(publicUrl),
    });
    running.push(simulator);
    const platform = await runWorker(PLATFORM_BUNDLE, {
      port: settings.port,
      stateFolder: join(settings.stateFolder, 'v3'),
      heapMib: ISOLATE_HEAP_MIB,
      inspectorPort: settings.inspectorPort,
      vars: {
        ...settings.secrets,
        ...(settings.sealAfterMs !== null && { SEAL_AFTER_MS: settings.sealAfterMs }),
        PUBLIC_URL: publicUrl,
        VONAGE_REST_HOST: settings.carrierUrl ?? simulator.url,
      },
    });
    running.push(platform);
    const seeded = await seed(platform.url);
    cron = setInterval(() => void platform.scheduled().catch((thrown: unknown) => console.error('cron failed', thrown)), CRON_MS);
    return { line: demoLine(platform.url, simulator.url, seeded), stop };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}

/** Stops on Ctrl-C and on `kill`, once. */
export function stopOnSignal(platform: LocalPlatform): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void platform.stop().finally(() => process.exit(0)));
  }
}
