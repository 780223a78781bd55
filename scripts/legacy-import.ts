/**
 * `npm run legacy:import -- --tenant tn_… [--env production|staging|local] [--dry-run] [--refused refused.csv] messages.csv [tasks.csv]`: data from
 * before July 2021 (docs/legacy-import.md). Refused rows go to a csv with row number, column and reason. Exit status 2 when there are any.
 */
import './platform/quiet';
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import type { Env } from '../schema/env';
import type { TenantId } from '../schema/ids';
import type { LegacyFileKind } from '../schema/states';
import { importLegacyMessages, importLegacyTasks, LegacyHeaderError, type LegacyOrder } from '../workers/exports/legacy-import';
import { recordLegacyImport } from '../workers/exports/record-legacy-import';
import { openDatabase } from '../workers/gateways/database';
import { makeFiles } from '../workers/gateways/files';
import { tenantExists } from '../workers/gateways/stores/legacy';
import { csvLine } from '../workers/rules/csv';
import { withBindings } from './legacy/bindings';
import { rowsOfCsv } from './legacy/csv-file';

const USAGE =
  'usage: npm run legacy:import -- --tenant tn_… [--env production|staging|local] [--dry-run] [--refused refused.csv] messages.csv [tasks.csv]';
const REFUSED_EXIT = 2;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    tenant: { type: 'string' },
    env: { type: 'string', default: 'production' },
    'dry-run': { type: 'boolean', default: false },
    refused: { type: 'string', default: 'refused.csv' },
  },
});
const [messages, tasks, ...more] = positionals;
if (values.tenant === undefined || messages === undefined || more.length > 0) {
  console.error(USAGE);
  process.exit(1);
}
const tenant = values.tenant as TenantId;
const isDryRun = values['dry-run'];

const report = createWriteStream(values.refused);
report.write(csvLine(['file', 'row', 'column', 'reason']));

await withBindings(values.env, async (env) => {
  const gateways = { database: openDatabase(env as Env), files: makeFiles(env) };
  if (!(await tenantExists(gateways.database, tenant))) throw new Error(`there is no tenant ${tenant} in ${values.env}`);
  const run = async (path: string, kind: LegacyFileKind): Promise<void> => {
    const refuse: LegacyOrder['refuse'] = (row, { column, reason }) => void report.write(csvLine([path, String(row), column, reason]));
    const take = kind === 'messages' ? importLegacyMessages : importLegacyTasks;
    const { accepted, known, refused } = await (isDryRun
      ? take(gateways, rowsOfCsv(path), { tenant, isDryRun, refuse })
      : recordLegacyImport(gateways, { tenant, kind, fileName: basename(path) }, rowsOfCsv(path), refuse));
    console.log(`${path}: ${accepted} rows ${isDryRun ? 'would be imported' : 'imported'}, ${known} known from before, ${refused} refused`);
    if (refused > 0) process.exitCode = REFUSED_EXIT;
  };
  try {
    await run(messages, 'messages');
    if (tasks !== undefined) await run(tasks, 'tasks');
  } catch (thrown) {
    if (!(thrown instanceof LegacyHeaderError)) throw thrown;
    console.error(thrown.message);
    process.exitCode = 1;
  }
});

report.end();
await once(report, 'finish');
if (process.exitCode === REFUSED_EXIT) console.log(`refused rows: ${values.refused}`);
