/** The first page of the log by number, by outcomes common and rare, by sender and by task, over a year in the archive. */
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { DatabaseSync } from 'node:sqlite';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Page } from '../schema/console';
import type { LogRow } from '../schema/protocol/message-shard';
import { percentile, type Report } from './figure';
import { loadDuck, loadSqlite } from './references/log-tables';
import { exportFilter, withYear, type YearPlatform } from './year-platform';

const ROWS = 1_000_000;
const ASKED = 20;
const PAGE = 50;
const DUCK_ASKED = 5;

interface Question {
  readonly query: string;
  readonly where: string;
  readonly cells: readonly string[];
}

/** All rows as one csv file beside the platform. @returns what `use` makes of its path */
export async function withExportedRows<T>(year: YearPlatform, use: (folder: string, csv: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'jmc-bench-'));
  try {
    const { view } = await exportFilter(year, {});
    const csv = join(folder, 'log.csv');
    await pipeline(await year.client.exportFile(view.id), createWriteStream(csv));
    return await use(folder, csv);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function timed(
  asked: readonly Question[],
  ask: (question: Question) => Promise<number> | number,
): Promise<{ ms: number[]; rows: number[] }> {
  const ms: number[] = [];
  const rows: number[] = [];
  for (const question of asked) {
    const startedAt = performance.now();
    rows.push(await ask(question));
    ms.push(performance.now() - startedAt);
  }
  return { ms, rows };
}

const questionsOf = async (duck: DuckDBConnection): Promise<Readonly<Record<string, readonly Question[]>>> => {
  const rowsOf = async (sql: string): Promise<string[][]> => (await duck.runAndReadAll(sql)).getRows().map((row) => row.map(String));
  const numbers = await rowsOf(`SELECT recipient FROM log USING SAMPLE ${ASKED}`);
  const months = await rowsOf(`SELECT * FROM (SELECT DISTINCT country, status, substr(received, 1, 7) FROM log) USING SAMPLE ${ASKED}`);
  const outcomes = await rowsOf(`SELECT * FROM (SELECT DISTINCT country, status FROM log) USING SAMPLE ${ASKED}`);
  const tasks = await rowsOf(`SELECT DISTINCT task FROM log WHERE task <> '' LIMIT ${ASKED}`);
  const nextMonth = (month: string): string => {
    const [year = 0, number = 0] = month.split('-').map(Number);
    return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
  };
  return {
    'by number': numbers.map(([to = '']) => ({ query: `to=%2B${to}`, where: 'recipient = ?', cells: [to] })),
    'by country, state and month': months.map(([country = '', state = '', month = '']) => ({
      query: `country=${country}&state=${state}&receivedFrom=${month}-01&receivedUntil=${nextMonth(month)}-01T00:00`,
      where: 'country = ? AND status = ? AND received >= ? AND received < ?',
      cells: [country, state, `${month}-01`, `${nextMonth(month)}-01`],
    })),
    'by country and state': outcomes.map(([country = '', state = '']) => ({
      query: `country=${country}&state=${state}`,
      where: 'country = ? AND status = ?',
      cells: [country, state],
    })),
    'by sender, state and country': outcomes.map(([country = '', state = '']) => ({
      query: `from=JINMU&country=${country}&state=${state}`,
      where: "sender = 'JINMU' AND country = ? AND status = ?",
      cells: [country, state],
    })),
    'by task': tasks.map(([task = '']) => ({ query: `task=${task}`, where: 'task = ?', cells: [task] })),
  };
};

export async function measureQuery(report: Report, rows = ROWS): Promise<void> {
  await withYear(rows, async (year) =>
    withExportedRows(year, async (folder, csv) => {
      const duck = await loadDuck(folder, csv);
      const sqlite = await loadSqlite(folder, duck);
      for (const [name, asked] of Object.entries(await questionsOf(duck)))
        await measureQuestions(report, rows, name, asked, { year, duck, sqlite });
      sqlite.close();
      duck.closeSync();
    }),
  );
}

async function measureQuestions(
  report: Report,
  rows: number,
  name: string,
  asked: readonly Question[],
  { year, duck, sqlite }: { year: YearPlatform; duck: DuckDBConnection; sqlite: DatabaseSync },
): Promise<void> {
  const ours = await timed(asked, async ({ query }) => {
    const answer = await year.client.request('GET', `/api/messages?${query}&limit=${PAGE}`);
    if (!answer.ok) throw new Error(`${query} answered ${answer.status}`);
    return (await answer.json<Page<LogRow>>()).rows.length;
  });
  const theirs = await timed(asked, ({ where, cells }) => {
    return sqlite.prepare(`SELECT * FROM log WHERE ${where} ORDER BY received DESC LIMIT ${PAGE}`).all(...cells).length;
  });
  const duckAsked = asked.slice(0, DUCK_ASKED);
  const ducks = await timed(duckAsked, async ({ where, cells }) => {
    const sql = where.split('?').reduce((text, piece, index) => `${text}'${cells[index - 1] ?? ''}'${piece}`);
    return (await duck.runAndReadAll(`SELECT * FROM log WHERE ${sql} ORDER BY received DESC LIMIT ${PAGE}`)).currentRowCount;
  });
  if (ours.rows.some((count, index) => count !== theirs.rows[index]))
    throw new Error(`${name}: the platform and SQLite found different rows`);
  for (const [share, mark] of [
    [0.5, 'p50'],
    [0.95, 'p95'],
  ] as const) {
    const figure = { figure: `first page ${name}, ${mark}`, value: percentile(ours.ms, share), unit: 'ms', rows };
    report({ ...figure, reference: 'SQLite with indexes, in the process', referenceValue: percentile(theirs.ms, share) });
    report({ ...figure, reference: 'DuckDB, in the process', referenceValue: percentile(ducks.ms, share) });
  }
}
