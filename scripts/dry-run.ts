/** What a deployment would upload, and whether it stays under the limit of a Worker. */
import './platform/quiet';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { PLATFORM_BUNDLE } from './platform/bundles';
import { runTool } from './platform/command';

const MAX_GZIP_BYTES = 3 * 1024 * 1024; // Cloudflare: a Worker on the free plan; ours must fit any plan

for (const environment of ['staging', 'production']) {
  await runTool('wrangler', ['deploy', '--dry-run', '--env', environment, '--outdir', PLATFORM_BUNDLE.folder]);
}
const bytes = gzipSync(readFileSync(PLATFORM_BUNDLE.script)).byteLength;
console.log(`Worker: ${(bytes / 1024).toFixed(0)} KiB gzip of ${MAX_GZIP_BYTES / 1024} KiB`);
if (bytes > MAX_GZIP_BYTES) process.exitCode = 1;
