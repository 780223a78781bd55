/** Exports driven by hand: the steps run when the test says so, and break where it says so. */
import { env } from 'cloudflare:workers';
import { gunzipSync } from 'node:zlib';
import type { ExportRequest, ExportView, RequestOf } from '../../schema/exports';
import type { ExportId } from '../../schema/ids';
import type { ExportJob } from '../../schema/jobs';
import { startExport } from '../../workers/exports/start';
import { runExportStep, type StepGateways, type StepOutcome } from '../../workers/exports/step';
import { readExport } from '../../workers/exports/view';
import type { World, WorldUser } from './world';

const { FILES } = env as unknown as { FILES: R2Bucket };

const LOG_EXPORT: RequestOf<'log'> = { kind: 'log', format: 'csv', filter: {}, bom: true };

/** The world's gateways, whose queue keeps its jobs to itself. */
export function handDriven(
  world: World,
  change: (gateways: StepGateways) => Partial<StepGateways> = () => ({}),
): StepGateways & { jobs: ExportJob[] } {
  const { tenant, files, objects, queues } = world.gateways;
  const jobs: ExportJob[] = [];
  const keep = async (sent: readonly ExportJob[]): Promise<void> => void jobs.push(...sent);
  const plain = { tenant, files, objects, queues: { ...queues, exports: keep } };
  return { ...plain, ...change(plain), jobs };
}

export const begin = (world: World, request: Partial<RequestOf<'log'>> = {}, user: WorldUser = world): Promise<ExportId> =>
  beginAny(world, { ...LOG_EXPORT, ...request }, user);

export async function beginAny(world: World, request: ExportRequest, user: WorldUser = world): Promise<ExportId> {
  return (await startExport(handDriven(world), user.actor, request)).id;
}

export const step = (world: World, id: ExportId, gateways: StepGateways = handDriven(world), stepMs?: number): Promise<StepOutcome> =>
  runExportStep(gateways, { tenant: world.tenant, id }, stepMs);

/** Steps until there is nothing more to do. */
export async function runToEnd(world: World, id: ExportId, gateways: StepGateways = handDriven(world), stepMs?: number): Promise<number> {
  for (let steps = 1; steps <= 200; steps += 1) {
    const outcome = await step(world, id, gateways, stepMs);
    if (outcome !== 'goes_on' && outcome !== 'try_again') return steps;
  }
  throw new Error('the export does not end');
}

export const view = (world: World, id: ExportId): Promise<ExportView> => readExport(world.gateways, world.actor, id);

/** The plain text of the file, read from R2 past the download. */
export async function fileText(world: World, id: ExportId): Promise<string> {
  const stored = await FILES.get(`exports/${world.tenant}/${id}`);
  if (!stored) throw new Error('no file');
  // The byte order mark is part of the file.
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(gunzipSync(await stored.arrayBuffer()));
}

/** Everything of this export in R2, the file itself not counted. */
export async function leftovers(world: World, id: ExportId): Promise<string[]> {
  const { objects } = await FILES.list({ prefix: `exports/${world.tenant}/${id}.` });
  return objects.map(({ key }) => key);
}
