/**
 * `npm run demo [-- --rows N] [--file PATH] [--exit]`: starts the platform and the simulator, then does the main job:
 * a file of numbers becomes delivered messages and an export. `--exit` stops when done, with status 0 only when every
 * accepted recipient is final, the simulator's count agrees, and the exported rows agree with both.
 */
import './platform/quiet';
import { createReadStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import Papa from 'papaparse';
import { writeRecipients } from './demo/recipients';
import { runJob } from './demo/run-job';
import { announce } from './platform/announce';
import { startLocalPlatform, stopOnSignal } from './platform/local-platform';
import { readSettings } from './platform/settings';

const DEFAULT_ROWS = 20_000;

const { values } = parseArgs({
  options: { rows: { type: 'string' }, file: { type: 'string' }, exit: { type: 'boolean', default: false } },
});
const rows = Number(values.rows ?? DEFAULT_ROWS);
if (!Number.isInteger(rows) || rows < 1) throw new Error(`--rows must be a whole number, not "${values.rows}"`);

/** Rows of the file itself, header left out: counted from its bytes, not from what the platform says. */
function countRows(path: string): Promise<number> {
  return new Promise((done, fail) => {
    let count = -1;
    Papa.parse(createReadStream(path), { step: () => (count += 1), complete: () => done(count), error: fail, skipEmptyLines: true });
  });
}

const settings = readSettings();
const platform = await startLocalPlatform(settings);
stopOnSignal(platform);
announce(platform.line);

const folder = join(settings.stateFolder, 'demo');
await mkdir(folder, { recursive: true });
const file = values.file === undefined ? join(folder, 'recipients.csv') : resolve(values.file);
if (values.file === undefined) await writeRecipients(file, rows);
console.log(`  sending to the numbers in ${file}`);
const report = await runJob(platform.line, file, join(folder, 'log.csv'));
const inFile = await countRows(report.exportPath);

const agreements: readonly (readonly [what: string, agrees: boolean])[] = [
  [`every accepted recipient is final: ${report.final} of ${report.accepted}`, report.final === report.accepted],
  [
    `the simulator saw ${report.simulatorRefs} messages, ${report.simulatorRepeats} twice`,
    report.simulatorRefs === report.accepted - report.neverSubmitted && report.simulatorRepeats === 0,
  ],
  [`the export holds ${inFile} rows`, inFile === report.accepted && report.exportedRows === inFile],
];
console.log(`\n  export     ${report.exportPath}  (${inFile} rows)`);
console.log(
  `  seconds    check ${report.seconds.check}, submitted ${report.seconds.submit}, receipts ${report.seconds.receipts}, export ${report.seconds.export}`,
);
for (const [what, agrees] of agreements) console.log(`  ${agrees ? '✓' : '✗'} ${what}`);
console.log(`  console    ${platform.line.demo.url}`);

if (values.exit) {
  await platform.stop();
  process.exit(agreements.every(([, agrees]) => agrees) ? 0 : 1);
}
