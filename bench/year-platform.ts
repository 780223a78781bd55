/** The built platform with a year in its archive and somebody signed in. JMC_BENCH_STATE names a folder that is kept, and used again when it is full. */
import type { ExportRequest, ExportView } from '../schema/exports';
import type { KeyId } from '../schema/ids';
import type { ExportFormat } from '../schema/states';
import { signIn, until, type Somebody } from '../tests/journeys/support/journey';
import { freePort, startPlatform, type TestPlatform } from '../tests/support/server';
import { STEP_LIMIT_MS } from './bench-platform';
import { fillPast, pastSize, untilSealed } from './past/fill-past';
import { processListeningOn } from './process';

export interface YearPlatform extends Somebody {
  readonly platform: TestPlatform;
  /** Process id of the workerd that runs the platform. */
  readonly pid: number;
  readonly inspectorPort: number;
}

export async function withYear<T>(rows: number, use: (year: YearPlatform) => Promise<T>): Promise<T> {
  const stateFolder = process.env['JMC_BENCH_STATE'];
  const inspectorPort = await freePort();
  const platform = await startPlatform({
    ...(stateFolder !== undefined && { stateFolder }),
    env: { SEAL_AFTER_MS: '0', INSPECTOR_PORT: String(inspectorPort) },
  });
  try {
    const { url, line, port } = platform;
    if ((await pastSize(url)).rows < rows) {
      const keyOf = (kind: string): KeyId => line.demo.keys.find((key) => key.kind === kind && !key.test)?.baseKey as KeyId;
      await fillPast({ url, rows, marketing: keyOf('marketing'), transactional: keyOf('transactional'), untilAt: Date.now(), seals: true });
      await untilSealed(url);
    }
    return await use({ ...(await signIn(platform, line.demo)), platform, pid: await processListeningOn(port), inspectorPort });
  } finally {
    await platform.stop();
  }
}

export interface TimedExport {
  readonly view: ExportView;
  /** From its start to its end as the export itself dates them. */
  readonly tookMs: number;
}

export async function exportFilter(
  { client }: Somebody,
  filter: ExportRequest['filter'],
  format: ExportFormat = 'csv',
): Promise<TimedExport> {
  const answer = await client.request('POST', '/api/exports', { kind: 'log', format, filter, bom: false });
  if (!answer.ok) throw new Error(`an export answered ${answer.status}: ${await answer.text()}`);
  const { id } = await answer.json<ExportView>();
  const view = await until(
    'the export',
    STEP_LIMIT_MS,
    () => client.export(id),
    ({ state }) => state !== 'queued' && state !== 'running',
    500,
  );
  if (view.state !== 'ready' || view.finishedAt === null) throw new Error(`the export ended as ${view.state}: ${view.error ?? ''}`);
  return { view, tookMs: view.finishedAt - view.createdAt };
}
