/** Rows a second of the xlsx export of a year's log, and what its process takes for it. `--rows 10000000` makes ten sheets. */
import Papa from 'papaparse';
import type { ExportView } from '../schema/exports';
import type { KeyId } from '../schema/ids';
import type { ExportFormat } from '../schema/states';
import { ConsoleClient } from '../scripts/demo/console-client';
import { until } from '../tests/journeys/support/journey';
import { startPlatform } from '../tests/support/server';
import { STEP_LIMIT_MS } from './bench-platform';
import type { Report } from './figure';
import { fillPast } from './past/fill-past';
import { cpuTime, peakMemory, processListeningOn } from './process';
import { writeWithExceljs } from './references/exceljs-rows';

const ROWS = 1_000_000;
/** Lines that the reference repeats: reading millions back would measure something else. */
const SAMPLE_BYTES = 4 * 1024 * 1024;
const MIB = 1024 * 1024;

async function exported(client: ConsoleClient, format: ExportFormat): Promise<{ view: ExportView; tookMs: number }> {
  const startedAt = Date.now();
  const answer = await client.request('POST', '/api/exports', { kind: 'log', format, filter: {}, bom: false });
  const { id } = await answer.json<ExportView>();
  const view = await until(
    'the export',
    STEP_LIMIT_MS,
    () => client.export(id),
    ({ state }) => state !== 'queued' && state !== 'running',
  );
  if (view.state !== 'ready' || view.finishedAt === null) throw new Error(`the export ended as ${view.state}: ${view.error ?? ''}`);
  return { view, tookMs: view.finishedAt - startedAt };
}

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
  const platform = await startPlatform({ env: { SEAL_AFTER_MS: '500' } });
  try {
    const { url, port, line } = platform;
    const keyOf = (kind: string): KeyId => line.demo.keys.find((key) => key.kind === kind && !key.test)?.baseKey as KeyId;
    await fillPast({ url, rows, marketing: keyOf('marketing'), transactional: keyOf('transactional'), untilAt: Date.now(), seals: true });
    const client = new ConsoleClient(url);
    const [login] = line.demo.logins;
    if (!login) throw new Error('the demo has no login');
    await client.signIn(login, line.demo.mailbox);
    const csv = await exported(client, 'csv');
    const lines = await firstLines(await client.exportFile(csv.view.id));
    const pid = await processListeningOn(port);
    const [memoryBefore, cpuBefore] = [await peakMemory(pid), await cpuTime(pid)];
    const { view, tookMs } = await exported(client, 'xlsx');
    const cpuMs = (await cpuTime(pid)) - cpuBefore;
    if (view.rows !== csv.view.rows) throw new Error(`${view.rows} rows in the xlsx, ${csv.view.rows} in the csv`);
    report({
      figure: 'export xlsx',
      value: view.rows / (tookMs / 1_000),
      unit: 'rows/s',
      rows: view.rows,
      reference: 'exceljs alone in plain Node, the same cells to nowhere',
      referenceValue: await writeWithExceljs(lines, view.rows),
    });
    report({ figure: 'export xlsx, CPU of workerd', value: (cpuMs * 1_000) / view.rows, unit: 'µs/row', rows: view.rows });
    report({ figure: 'export xlsx, size', value: view.bytes / view.rows, unit: 'bytes/row', rows: view.rows });
    report({
      figure: 'memory of workerd, after the xlsx',
      value: (await peakMemory(pid)) / MIB,
      unit: 'MiB',
      rows: view.rows,
      reference: 'after the csv of the same rows',
      referenceValue: memoryBefore / MIB,
    });
  } finally {
    await platform.stop();
  }
}
