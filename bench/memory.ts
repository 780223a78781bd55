/**
 * Peak memory of the platform's workerd at two sizes, after the check and after another check with an export: a fresh process for each size, so
 * that the one can't hide in the other's peak.
 */
import { checkFile, exportLog, fillLog, withPlatform } from './bench-platform';
import type { Report } from './figure';
import { peakMemory } from './process';
import { withRecipients } from './recipient-file';

const SMALL_ROWS = 100_000;
const LARGE_ROWS = 1_000_000;
const MIB = 1024 * 1024;

interface Peaks {
  readonly checked: number;
  readonly exported: number;
}

async function peaksAt(rows: number): Promise<Peaks> {
  return withRecipients(rows, async (path) =>
    withPlatform(async (platform) => {
      await checkFile(platform, path);
      const checked = await peakMemory(platform.pid);
      const { id } = await fillLog(platform, path);
      await exportLog(platform, id);
      return { checked, exported: await peakMemory(platform.pid) };
    }),
  );
}

export async function measureMemory(report: Report, rows = LARGE_ROWS): Promise<void> {
  const small = await peaksAt(SMALL_ROWS);
  const large = await peaksAt(rows);
  const reference = `the same at ${SMALL_ROWS.toLocaleString('en')} rows`;
  for (const [stage, peak] of Object.entries(large) as [keyof Peaks, number][])
    report({
      figure: `memory of workerd, ${stage}`,
      value: peak / MIB,
      unit: 'MiB',
      rows,
      reference,
      referenceValue: small[stage] / MIB,
    });
}
