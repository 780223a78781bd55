/** What writing a file costs without a platform: a Worker of a few lines on miniflare copies the same bytes from one R2 key to another as a stream. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare';

const COPY_WORKER = `
export default {
  async fetch(request, env) {
    if (request.method === 'PUT') await env.FILES.put('from', request.body);
    else await env.FILES.put('to', (await env.FILES.get('from')).body);
    return new Response(null, { status: 204 });
  },
};`;

export interface CopyResult {
  readonly bytes: number;
  readonly bytesPerSecond: number;
}

/** R2 in a folder, as the platform's is: in memory it would be another store. */
export async function copyInR2(content: Uint8Array): Promise<CopyResult> {
  const folder = await mkdtemp(join(tmpdir(), 'jmc-copy-'));
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      modules: [{ type: 'ESModule', path: 'copy.js', contents: COPY_WORKER }],
      compatibilityDate: '2026-08-01',
      r2Buckets: ['FILES'],
      resourcePersistencePath: folder,
      cf: false,
      log: new Log(LogLevel.ERROR),
    }),
  );
  try {
    const url = await miniflare.ready;
    const answer = await fetch(url, { method: 'PUT', body: Buffer.from(content) });
    if (!answer.ok) throw new Error(`storing the bytes answered ${answer.status}`);
    const startedAt = performance.now();
    const copied = await fetch(url, { method: 'POST' });
    if (!copied.ok) throw new Error(`copying the bytes answered ${copied.status}`);
    return { bytes: content.byteLength, bytesPerSecond: content.byteLength / ((performance.now() - startedAt) / 1_000) };
  } finally {
    await miniflare.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}
