/**
 * `npm run bench [-- --only check|send|accept|transactional|export|memory|operations|seal|xlsx|report|query|archive-export] [--rows N]`: each figure
 * beside the plain reference of the same work in the same run, one JSON line a figure as it is known and a table at the end. Loopback only.
 */
import '../scripts/platform/quiet';
import { parseArgs } from 'node:util';
import { measureAccept } from './accept';
import { measureArchiveExport } from './archive-export';
import { measureCheck } from './check';
import { measureExport } from './export';
import { FigureList, type Report } from './figure';
import { measureMemory } from './memory';
import { measureOperations } from './operations';
import { measureQuery } from './query';
import { measureSeal } from './seal';
import { measureReport } from './report';
import { measureSend } from './send';
import { measureTransactional } from './transactional';
import { measureXlsx } from './xlsx';

const BENCHMARKS: Readonly<Record<string, (report: Report, rows?: number) => Promise<void>>> = {
  check: measureCheck,
  send: measureSend,
  accept: measureAccept,
  transactional: measureTransactional,
  export: measureExport,
  memory: measureMemory,
  operations: measureOperations,
  seal: measureSeal,
  xlsx: measureXlsx,
  report: measureReport,
  query: measureQuery,
  'archive-export': measureArchiveExport,
};

const { values } = parseArgs({ options: { only: { type: 'string', multiple: true }, rows: { type: 'string' } } });
const names = values.only?.flatMap((name) => name.split(',')) ?? Object.keys(BENCHMARKS);
const rows = values.rows === undefined ? undefined : Number(values.rows);
if (rows !== undefined && (!Number.isInteger(rows) || rows < 1)) throw new Error(`--rows must be a whole number, not "${values.rows}"`);

const figures = new FigureList();
for (const name of names) {
  const measure = BENCHMARKS[name];
  if (!measure) throw new Error(`--only takes ${Object.keys(BENCHMARKS).join(', ')}, not "${name}"`);
  try {
    await measure(figures.report, rows);
  } catch (thrown) {
    console.error(`${name}:`, thrown);
    process.exitCode = 1;
  }
}
await figures.printTable();
