/** The rows of an export in SQLite (with indexes) and in DuckDB: what the archive is held against, on the same rows. */
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { LOG_COLUMNS } from '../../workers/rules/log-lines';

/** Names of the columns in both tables, in the order of the export. */
const NAMES = [
  'task',
  'task_name',
  'id',
  'key',
  'received',
  'final',
  'country',
  'country_en',
  'country_zh',
  'sender',
  'recipient',
  'status',
  'error',
  'error_text',
  'network',
  'parts',
  'price',
  'currency',
  'kind',
  'body',
] as const;
if (NAMES.length !== LOG_COLUMNS.length) throw new Error('the columns of the export have changed');

/** A busy machine gives both the same: two threads, as it has cores. */
const THREADS = 2;

export async function loadDuck(folder: string, csv: string): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(join(folder, 'log.duckdb'), { threads: String(THREADS) });
  const duck = await instance.connect();
  const columns = NAMES.map((name) => `'${name}': 'VARCHAR'`).join(', ');
  await duck.run(
    `CREATE TABLE log AS SELECT * FROM read_csv('${csv}', header = true, columns = {${columns}}, delim = ',', quote = '"', escape = '"')`,
  );
  await duck.run('CHECKPOINT');
  return duck;
}

/** Out of DuckDB, so that the file is parsed once. */
export async function loadSqlite(folder: string, duck: DuckDBConnection): Promise<DatabaseSync> {
  const database = new DatabaseSync(join(folder, 'log.sqlite'));
  database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000');
  database.exec(`CREATE TABLE log (${NAMES.map((name) => `${name} TEXT`).join(', ')})`);
  const insert = database.prepare(`INSERT INTO log VALUES (${NAMES.map(() => '?').join(', ')})`);
  database.exec('BEGIN');
  const result = await duck.stream('SELECT * FROM log');
  for (;;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) break;
    for (const row of chunk.getRows()) insert.run(...row.map((cell) => (cell === null ? '' : String(cell))));
  }
  database.exec('COMMIT');
  database.exec('CREATE INDEX by_number ON log (recipient, received)');
  database.exec('CREATE INDEX by_outcome ON log (country, status, received)');
  database.exec('CREATE INDEX by_task ON log (task, received)');
  return database;
}

export async function copyWithDuck(duck: DuckDBConnection, to: string, where: string): Promise<number> {
  const startedAt = performance.now();
  await duck.run(`COPY (SELECT * FROM log WHERE ${where}) TO '${to}' (FORMAT csv, HEADER)`);
  return performance.now() - startedAt;
}

const BUFFERED = 1 << 20;
const quoted = (cell: unknown): string => {
  const text = String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** node:sqlite, whose rows go through JavaScript as ours do. */
export async function copyWithSqlite(database: DatabaseSync, to: string, where: string): Promise<number> {
  const startedAt = performance.now();
  const file = createWriteStream(to);
  const rows = database.prepare(`SELECT * FROM log WHERE ${where}`);
  rows.setReturnArrays(true);
  let text = '';
  for (const row of rows.iterate() as unknown as Iterable<unknown[]>) {
    text += `${row.map(quoted).join(',')}\r\n`;
    if (text.length < BUFFERED) continue;
    if (!file.write(text)) await once(file, 'drain');
    text = '';
  }
  file.end(text);
  await once(file, 'finish');
  return performance.now() - startedAt;
}
