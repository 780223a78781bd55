/** How long a report of a year takes, over a platform filled with that year through real shards. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KeyId } from '../schema/ids';
import type { Report as ReportAnswer } from '../schema/reports';
import { startLocalPlatform } from '../scripts/platform/local-platform';
import { readSettings } from '../scripts/platform/settings';
import { signIn, until } from '../tests/journeys/support/journey';
import { freePort } from '../tests/support/server';
import { STEP_LIMIT_MS } from './bench-platform';
import type { Report } from './figure';
import { fillPast } from './past/fill-past';
import { groupRowsInSqlite } from './references/sqlite-report';

const ROWS = 1_000_000;
const RUNS = 7;
const REFERENCE_RUNS = 3;
const DAY_MS = 24 * 60 * 60 * 1_000;
const GROUPINGS = ['country', 'country,user', 'day'] as const;

export async function measureReport(report: Report, rows = ROWS): Promise<void> {
  const stateFolder = await mkdtemp(join(tmpdir(), 'jmc-report-'));
  const [port, simulatorPort] = [await freePort(), await freePort()];
  const platform = await startLocalPlatform({ ...readSettings(), port, simulatorPort, stateFolder, sealAfterMs: '0' });
  try {
    const { url, keys, mailbox } = platform.line.demo;
    const keyOf = (kind: string): KeyId => keys.find((key) => key.kind === kind && !key.test)?.baseKey as KeyId;
    const untilAt = Date.now();
    await fillPast({ url, rows, marketing: keyOf('marketing'), transactional: keyOf('transactional'), untilAt, seals: true });
    const { client } = await signIn({ url, mailbox }, platform.line.demo);
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
      ({ sum }) => sum.total === rows && sum.pending === 0,
    );
    const referenceValue = groupRowsInSqlite(rows, from, REFERENCE_RUNS);
    for (const groupBy of GROUPINGS) {
      let fastest = Infinity;
      for (let run = 0; run < RUNS; run++) {
        const startedAt = performance.now();
        await read(groupBy);
        fastest = Math.min(fastest, performance.now() - startedAt);
      }
      const reference = 'SQLite in Node.js, the same GROUP BY country over the rows';
      report({
        figure: `report of a year by ${groupBy}`,
        value: fastest,
        unit: 'ms',
        rows,
        ...(groupBy === 'country' && { reference, referenceValue }),
      });
    }
  } finally {
    await platform.stop();
    await rm(stateFolder, { recursive: true, force: true });
  }
}
