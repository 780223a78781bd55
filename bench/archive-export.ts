/** The csv export of a year in the archive, all of it and a seventh, beside SQLite and DuckDB; and the heap that it takes. */
import { join } from 'node:path';
import type { ExportRequest } from '../schema/exports';
import type { Iso2 } from '../schema/ids';
import type { Report } from './figure';
import { watchHeap } from './heap';
import { cpuTime } from './process';
import { withExportedRows } from './query';
import { copyWithDuck, copyWithSqlite, loadDuck, loadSqlite } from './references/log-tables';
import { exportFilter, withYear, type TimedExport } from './year-platform';

const ROWS = 1_000_000;
const MIB = 1024 * 1024;
const CASES: readonly { readonly name: string; readonly filter: ExportRequest['filter']; readonly where: string }[] = [
  { name: 'all rows', filter: {}, where: 'true' },
  { name: '14 % of the rows', filter: { countries: ['SG', 'IN'] as Iso2[] }, where: "country IN ('SG', 'IN')" },
];

export async function measureArchiveExport(report: Report, rows = ROWS): Promise<void> {
  await withYear(rows, async (year) => {
    const measured: (TimedExport & { name: string; where: string; cpuMs: number; heap: number })[] = [];
    for (const { name, filter, where } of CASES) {
      const heap = await watchHeap(year.inspectorPort);
      const cpuBefore = await cpuTime(year.pid);
      const { view, tookMs } = await exportFilter(year, filter);
      const cpuMs = (await cpuTime(year.pid)) - cpuBefore;
      const { whole } = await heap.stop();
      measured.push({ name, where, view, tookMs, cpuMs, heap: whole });
    }
    await withExportedRows(year, async (folder, csv) => {
      const duck = await loadDuck(folder, csv);
      const sqlite = await loadSqlite(folder, duck);
      for (const { name, where, view, tookMs, cpuMs, heap } of measured) {
        const figure = { figure: `archive export csv, ${name}`, value: tookMs / 1_000, unit: 's', rows: view.rows };
        const duckMs = await copyWithDuck(duck, join(folder, 'duck.csv'), where);
        report({ ...figure, reference: 'DuckDB, its own table to csv', referenceValue: duckMs / 1_000 });
        const sqliteMs = await copyWithSqlite(sqlite, join(folder, 'sqlite.csv'), where);
        report({ ...figure, reference: 'node:sqlite to csv', referenceValue: sqliteMs / 1_000 });
        report({ figure: `archive export csv, ${name}, rows looked at`, value: rows / (cpuMs / 1_000), unit: 'rows/s of CPU', rows });
        report({ figure: `heap of the isolate, export of ${name}`, value: heap / MIB, unit: 'MiB', rows: view.rows });
      }
      sqlite.close();
      duck.closeSync();
    });
  });
}
