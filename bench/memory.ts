/**
 * Memory at two sizes, after the check and after another check with an export: of the isolate, which is what Cloudflare limits, and of the whole
 * workerd, in which miniflare's D1, R2, queues and SQLite live as well. A fresh process for each size, so that the one can't hide in the
 * other's peak.
 */
import { checkFile, exportLog, fillLog, withPlatform } from './bench-platform';
import type { Report } from './figure';
import { watchHeap } from './heap';
import { peakMemory } from './process';
import { withRecipients } from './recipient-file';

const SMALL_ROWS = 100_000;
const LARGE_ROWS = 1_000_000;
const MIB = 1024 * 1024;

type Peaks = Readonly<Record<string, number>>;

async function peaksAt(rows: number): Promise<Peaks> {
  return withRecipients(rows, async (path) =>
    withPlatform(async (platform) => {
      const peaks: Record<string, number> = {};
      const stage = async (name: string, work: () => Promise<unknown>): Promise<void> => {
        const heap = await watchHeap(platform.inspectorPort);
        await work();
        const { objects, whole } = await heap.stop();
        peaks[`heap of the isolate, ${name}`] = whole;
        peaks[`heap of the isolate without buffers, ${name}`] = objects;
        peaks[`memory of workerd, ${name}`] = await peakMemory(platform.pid);
      };
      await stage('check', () => checkFile(platform, path));
      const { id } = await fillLog(platform, path);
      await stage('export', () => exportLog(platform, id));
      return peaks;
    }),
  );
}

export async function measureMemory(report: Report, rows = LARGE_ROWS): Promise<void> {
  const small = await peaksAt(SMALL_ROWS);
  const large = await peaksAt(rows);
  const reference = `the same at ${SMALL_ROWS.toLocaleString('en')} rows`;
  for (const [figure, peak] of Object.entries(large))
    report({ figure, value: peak / MIB, unit: 'MiB', rows, reference, referenceValue: (small[figure] ?? 0) / MIB });
}
