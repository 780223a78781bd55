/** Rows a second of the whole check, through the routes that the console uses. */
import { checkFile, withPlatform } from './bench-platform';
import type { Report } from './figure';
import { withRecipients } from './recipient-file';
import { checkInLoop } from './references/phone-loop';

const ROWS = 1_000_000;

export async function measureCheck(report: Report, rows = ROWS): Promise<void> {
  await withRecipients(rows, async (path) => {
    const plain = await checkInLoop(path);
    const { view, checkMs } = await withPlatform((platform) => checkFile(platform, path));
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
  });
}
