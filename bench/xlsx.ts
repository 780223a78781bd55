/** The xlsx export of a year in the archive, and the heap that it takes. `--rows 10000000` makes ten sheets. */
import Papa from 'papaparse';
import type { Report } from './figure';
import { watchHeap } from './heap';
import { cpuTime, peakMemory } from './process';
import { writeWithExceljs } from './references/exceljs-rows';
import { exportFilter, withYear } from './year-platform';

const ROWS = 1_000_000;
/** exceljs holds on to what it writes: five gigabytes at ten million rows. Its rate is the same at one million. */
const REFERENCE_ROWS_MAX = 1_000_000;
/** Lines that the reference repeats: reading millions back would measure something else. */
const SAMPLE_BYTES = 4 * 1024 * 1024;
const MIB = 1024 * 1024;

/** Cells of the first lines of a csv. */
async function firstLines(file: ReadableStream<Uint8Array>): Promise<string[][]> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of file) {
    text += decoder.decode(bytes, { stream: true });
    if (text.length > SAMPLE_BYTES) break;
  }
  return Papa.parse<string[]>(text).data.slice(1, -1);
}

export async function measureXlsx(report: Report, rows = ROWS): Promise<void> {
  await withYear(rows, async (year) => {
    const csv = await exportFilter(year, {});
    const lines = await firstLines(await year.client.exportFile(csv.view.id));
    const [memoryBefore, cpuBefore] = [await peakMemory(year.pid), await cpuTime(year.pid)];
    const heap = await watchHeap(year.inspectorPort);
    const { view, tookMs } = await exportFilter(year, {}, 'xlsx');
    const cpuMs = (await cpuTime(year.pid)) - cpuBefore;
    const { whole } = await heap.stop();
    if (view.rows !== csv.view.rows) throw new Error(`${view.rows} rows in the xlsx, ${csv.view.rows} in the csv`);
    report({
      figure: 'export xlsx',
      value: view.rows / (tookMs / 1_000),
      unit: 'rows/s',
      rows: view.rows,
      reference: 'exceljs alone in plain Node, the same cells to nowhere',
      referenceValue: await writeWithExceljs(lines, Math.min(view.rows, REFERENCE_ROWS_MAX)),
    });
    report({ figure: 'export xlsx, all of it', value: tookMs / 1_000, unit: 's', rows: view.rows });
    report({ figure: 'export xlsx, CPU of workerd', value: (cpuMs * 1_000) / view.rows, unit: 'µs/row', rows: view.rows });
    report({ figure: 'export xlsx, size', value: view.bytes / view.rows, unit: 'bytes/row', rows: view.rows });
    report({ figure: 'heap of the isolate, xlsx', value: whole / MIB, unit: 'MiB', rows: view.rows });
    report({
      figure: 'memory of workerd, after the xlsx',
      value: (await peakMemory(year.pid)) / MIB,
      unit: 'MiB',
      rows: view.rows,
      reference: 'after the csv of the same rows',
      referenceValue: memoryBefore / MIB,
    });
  });
}
