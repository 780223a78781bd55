/**
 * Node only: runs the simulator in a workerd of its own. It listens on workerd's own socket, not on miniflare's proxy in front of it: the proxy
 * takes three quarters of the requests per second and turns a lost answer into a 500.
 */
import { Log, LogLevel, Miniflare, convertV4MiniflareOptions } from 'miniflare';
import { resolve } from 'node:path';
import { build } from 'vite';
import { unstable_readConfig as readConfig } from 'wrangler';
import type { SimulatorEnv } from './env';

const NAME = 'jmc-carrier-simulator';
const HERE = import.meta.dirname;

export interface RunningSimulator {
  /** `http://127.0.0.1:port`, no slash at the end. */
  readonly url: string;
  stop(): Promise<void>;
}

export interface ServeOptions {
  /** 0 or left out: any free port. */
  readonly port?: number;
  readonly host?: string;
  /** Instead of those in wrangler.toml. */
  readonly vars?: SimulatorEnv;
  /** The bundled Worker; left out: bundled now, in about half a second. */
  readonly script?: string;
}

/** The Worker and what it imports as one module, as wrangler would deploy it. */
async function bundleSimulator(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    root: HERE,
    ssr: { target: 'webworker', noExternal: true },
    build: {
      ssr: resolve(HERE, 'index.ts'),
      write: false,
      target: 'es2022',
      rollupOptions: { external: [/^(?:node|cloudflare):/], output: { format: 'es' } },
    },
  });
  const [output] = Array.isArray(built) ? built : [built];
  const chunks = output !== undefined && 'output' in output ? output.output : [];
  const [entry] = chunks;
  if (entry?.type !== 'chunk') throw new Error('vite built no entry for the simulator');
  return entry.code;
}

export async function serveSimulator({ port = 0, host = '127.0.0.1', vars = {}, script }: ServeOptions = {}): Promise<RunningSimulator> {
  const config = readConfig({ config: resolve(HERE, 'wrangler.toml') });
  const options = {
    name: NAME,
    modules: [{ type: 'ESModule' as const, path: 'simulator.js', contents: script ?? (await bundleSimulator()) }],
    compatibilityDate: config.compatibility_date ?? '2026-08-01',
    compatibilityFlags: config.compatibility_flags,
    bindings: { ...config.vars, ...vars },
    unsafeDirectSockets: [{ host, port }],
    cf: false,
    log: new Log(LogLevel.ERROR),
  };
  const runtime = new Miniflare(convertV4MiniflareOptions(options));
  const { origin } = await runtime.unsafeGetDirectURL(NAME);
  return { url: origin, stop: () => runtime.dispose() };
}
