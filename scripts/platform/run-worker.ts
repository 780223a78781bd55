/** One built Worker on miniflare, with the bindings that its wrangler.toml declares. */
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare';
import { basename, join } from 'node:path';
import { unstable_getMiniflareWorkerOptions } from 'wrangler';
import type { Bundle } from './bundles';
import { FRONT_DOOR, frontDoor, type WorkerFiles } from './front-door';

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
  /** MiB that each isolate may have of V8's heap: whoever needs more ends the process. As much as there is otherwise. */
  readonly heapMib?: number;
  /** Where its inspector listens, if anywhere. */
  readonly inspectorPort?: number | null;
}

/**
 * Listens on workerd's own socket: miniflare's proxy in front of it takes three quarters of the requests per second; and, for a Worker with
 * files, at the front door, which spares it miniflare's Workers for files. Only what reaches the Worker from inside (cron) goes through
 * miniflare, on a port of its own.
 */
export async function runWorker(bundle: Bundle, options: RunOptions): Promise<RunningWorker> {
  const { workerOptions } = unstable_getMiniflareWorkerOptions(bundle.config);
  const host = '127.0.0.1';
  const { assets: files } = workerOptions as { readonly assets?: WorkerFiles };
  const script = { type: 'ESModule' as const, path: bundle.script };
  const front = files && {
    type: 'ESModule' as const,
    path: join(bundle.folder, 'front-door.js'),
    contents: frontDoor(basename(bundle.script), files),
  };
  // miniflare hands flags on from here only, and reads them when workerd starts.
  if (options.heapMib !== undefined) process.env['MINIFLARE_WORKERD_V8_FLAGS'] = `--max-heap-size=${options.heapMib}`;
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      ...workerOptions,
      bindings: { ...(workerOptions.bindings as Record<string, string>), ...options.vars },
      modules: front ? [front, script] : [script],
      modulesRoot: bundle.folder,
      modulesRules: undefined,
      unsafeDirectSockets: [{ host, port: options.port, ...(front && { entrypoint: FRONT_DOOR }) }],
      host,
      port: 0,
      ...(options.inspectorPort && { inspectorPort: options.inspectorPort }),
      cf: false,
      log: new Log(LogLevel.ERROR),
      ...(options.stateFolder === null ? {} : { resourcePersistencePath: options.stateFolder }),
    }),
  );
  await miniflare.ready;
  delete process.env['MINIFLARE_WORKERD_V8_FLAGS'];
  const { port } = await miniflare.unsafeGetDirectURL(undefined, front && FRONT_DOOR);
  return {
    url: `http://localhost:${port}`,
    scheduled: async () => {
      const worker = await miniflare.getWorker();
      await worker.scheduled({ scheduledTime: new Date() });
    },
    stop: () => miniflare.dispose(),
  };
}
