/** Rows a second of the csv export of a task's log. */
import { buffer } from 'node:stream/consumers';
import { exportLog, fillLog, withPlatform } from './bench-platform';
import type { Report } from './figure';
import { withRecipients } from './recipient-file';
import { copyInR2 } from './references/r2-copy';

const ROWS = 1_000_000;

export async function measureExport(report: Report, rows = ROWS): Promise<void> {
  await withRecipients(rows, async (path) => {
    const { made, content } = await withPlatform(async (platform) => {
      // Sending a million messages would take many times as long as all else here; a cancelled message is as long a row.
      const { id } = await fillLog(platform, path);
      const exported = await exportLog(platform, id);
      return { made: exported, content: await buffer(await platform.client.exportFile(exported.view.id)) };
    });
    const { view, exportMs } = made;
    const lines = content.reduce((count, byte) => (byte === 0x0a ? count + 1 : count), 0);
    if (lines !== view.rows + 1) throw new Error(`the file has ${lines} lines, the export says ${view.rows} rows`);
    const plain = await copyInR2(content);
    report({
      figure: 'export csv',
      value: view.rows / (exportMs / 1_000),
      unit: 'rows/s',
      rows: view.rows,
      reference: 'stream copy of the same bytes from R2 to R2, a Worker on miniflare',
      referenceValue: view.rows / (plain.bytes / plain.bytesPerSecond),
    });
    report({ figure: 'export csv, bytes', value: view.bytes / (exportMs / 1_000) / 1e6, unit: 'MB/s', rows: view.rows });
  });
}
