/** How long a report of a year takes, over a platform filled with that year through real shards. */
import type { Report as ReportAnswer } from '../schema/reports';
import { until } from '../tests/journeys/support/journey';
import { STEP_LIMIT_MS } from './bench-platform';
import type { Report } from './figure';
import { groupRowsInSqlite } from './references/sqlite-report';
import { withYear } from './year-platform';

const ROWS = 1_000_000;
const RUNS = 7;
const REFERENCE_RUNS = 3;
const DAY_MS = 24 * 60 * 60 * 1_000;
const GROUPINGS = ['country', 'country,user', 'day', 'sender'] as const;

export async function measureReport(report: Report, rows = ROWS): Promise<void> {
  await withYear(rows, async ({ client }) => {
    const untilAt = Date.now();
    const from = untilAt - 367 * DAY_MS;
    const read = async (groupBy: string): Promise<ReportAnswer> => {
      const answer = await client.request('GET', `/api/reports?receivedFrom=${from}&receivedUntil=${untilAt}&groupBy=${groupBy}`);
      if (!answer.ok) throw new Error(`the report answered ${answer.status}`);
      return await answer.json();
    };
    // Shards tell their totals within seconds.
    await until(
      'the totals',
      STEP_LIMIT_MS,
      () => read('country'),
      ({ sum }) => sum.total >= rows && sum.pending === 0,
    );
    const fastestOf = async (groupBy: string): Promise<number> => {
      let fastest = Infinity;
      for (let run = 0; run < RUNS; run++) {
        const startedAt = performance.now();
        await read(groupBy);
        fastest = Math.min(fastest, performance.now() - startedAt);
      }
      return fastest;
    };
    const fastest = new Map<string, number>();
    for (const groupBy of GROUPINGS) fastest.set(groupBy, await fastestOf(groupBy));
    // Afterwards: it holds up this process, and the platform closes connections that are quiet for long.
    const referenceValue = groupRowsInSqlite(rows, from, REFERENCE_RUNS);
    for (const [groupBy, value] of fastest) {
      const reference = 'SQLite in Node.js, the same GROUP BY country over the rows';
      report({
        figure: `report of a year by ${groupBy}`,
        value,
        unit: 'ms',
        rows,
        ...(groupBy === 'country' && { reference, referenceValue }),
      });
    }
  });
}
