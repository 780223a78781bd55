/** Rows a second of the whole check, through the routes that the console uses. */
import { checkFile, withPlatform } from './bench-platform';
import type { Report } from './figure';
import { withRecipients } from './recipient-file';
import { cpuTime } from './process';
import { checkInLoop } from './references/phone-loop';

const ROWS = 1_000_000;

export async function measureCheck(report: Report, rows = ROWS): Promise<void> {
  await withRecipients(rows, async (path) => {
    const plain = await checkInLoop(path);
    const { view, checkMs, cpuMs } = await withPlatform(async (platform) => {
      const before = await cpuTime(platform.pid);
      const checked = await checkFile(platform, path);
      return { ...checked, cpuMs: (await cpuTime(platform.pid)) - before };
    });
    const { totals } = view.check;
    if (totals.rows !== plain.rows) throw new Error(`the check read ${totals.rows} rows, the file has ${plain.rows}`);
    report({
      figure: 'check',
      value: totals.rows / (checkMs / 1_000),
      unit: 'rows/s',
      rows: totals.rows,
      reference: 'libphonenumber-js/max in plain Node',
      referenceValue: plain.rowsPerSecond,
    });
    report({
      figure: 'check, CPU of workerd',
      value: (cpuMs * 1_000) / totals.rows,
      unit: 'µs/row',
      rows: totals.rows,
      reference: 'CPU of that Node process',
      referenceValue: (plain.cpuMs * 1_000) / plain.rows,
    });
  });
}
