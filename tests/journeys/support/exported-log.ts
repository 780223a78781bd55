/** The exported log of a task, as the csv that a user downloads holds it. */
import { text } from 'node:stream/consumers';
import Papa from 'papaparse';
import type { TaskId } from '../../../schema/ids';
import { until, type Somebody } from './journey';

/** One row by its column names. */
export type ExportedRow = Readonly<Record<string, string>>;

export async function exportedText({ client }: Somebody, task: TaskId): Promise<string> {
  const { id } = await client.startLogExport(task);
  const made = await until(
    'the export',
    60_000,
    () => client.export(id),
    ({ state }) => state !== 'queued' && state !== 'running',
  );
  if (made.state !== 'ready') throw new Error(`the export ended as ${made.state}: ${made.error ?? ''}`);
  return text(await client.exportFile(id));
}

export async function exportedRows(somebody: Somebody, task: TaskId): Promise<readonly ExportedRow[]> {
  const csv = (await exportedText(somebody, task)).replace(/^\uFEFF/, '');
  return Papa.parse<ExportedRow>(csv, { header: true, skipEmptyLines: true }).data;
}
