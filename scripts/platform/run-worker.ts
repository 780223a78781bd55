/** One built Worker on miniflare, with the bindings that its wrangler.toml declares. */
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare';
import { unstable_getMiniflareWorkerOptions } from 'wrangler';
import type { Bundle } from './bundles';

export interface RunningWorker {
  readonly url: string;
  scheduled(): Promise<void>;
  stop(): Promise<void>;
}

export interface RunOptions {
  /** 0 = any free port. */
  readonly port: number;
  /** null = in memory. */
  readonly stateFolder: string | null;
  readonly vars: Readonly<Record<string, string>>;
}

/**
 * Listens on workerd's own socket: miniflare's proxy in front of it takes three quarters of the requests per second. Only what reaches the
 * Worker from inside (cron) goes through miniflare, on a port of its own.
 */
export async function runWorker(bundle: Bundle, options: RunOptions): Promise<RunningWorker> {
  const { workerOptions } = unstable_getMiniflareWorkerOptions(bundle.config);
  const host = '127.0.0.1';
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      ...workerOptions,
      bindings: { ...(workerOptions.bindings as Record<string, string>), ...options.vars },
      modules: [{ type: 'ESModule', path: bundle.script }],
      modulesRoot: bundle.folder,
      modulesRules: undefined,
      unsafeDirectSockets: [{ host, port: options.port }],
      host,
      port: 0,
      cf: false,
      log: new Log(LogLevel.ERROR),
      ...(options.stateFolder === null ? {} : { resourcePersistencePath: options.stateFolder }),
    }),
  );
  await miniflare.ready;
  const { port } = await miniflare.unsafeGetDirectURL();
  return {
    url: `http://localhost:${port}`,
    scheduled: async () => {
      const worker = await miniflare.getWorker();
      await worker.scheduled({ scheduledTime: new Date() });
    },
    stop: () => miniflare.dispose(),
  };
}
