/**
 * One step of an export: takes the export, goes on from its checkpoint, and ends it or leaves a new checkpoint to the next step.
 * A crash at any point costs the work since the last checkpoint and nothing else.
 */
import type { ExportJob } from '../../schema/jobs';
import { EXPORT_STEP_MS } from '../../schema/limits';
import { exportKey } from '../../schema/storage-keys';
import type { Gateways } from '../gateways';
import type { Files } from '../gateways/files';
import type { ExportRow } from '../gateways/stores/exports';
import type { ExportCheckpoint } from '../rules/export-checkpoint';
import { dropUnfinished } from './drop-unfinished';
import { HeldExport, LeaseLost, EXPORT_LEASE_MS } from './held-export';
import { ExportPlan } from './plan';
import { queueNextExport } from './queue-next';
import { writeRows } from './write-rows';

export type StepGateways = Pick<Gateways, 'tenant' | 'queues' | 'files' | 'objects'>;

/** Exports of one tenant that run at once, so that one tenant's files do not hold up everybody's. */
export const RUNNING_PER_TENANT = 2;
/** A step that failed this often in a row starts the file anew: what is broken may be the upload itself. */
const FAILURES_BEFORE_FRESH_START = 3;
const FAILURES_BEFORE_GIVING_UP = 6;

export type StepOutcome =
  /** The file is there, or there is nothing to do. */
  | 'done'
  /** The next step is queued. */
  | 'goes_on'
  /** Another delivery works on it, until its lease ends at the latest. */
  | 'busy'
  /** To be tried again later. */
  | 'try_again'
  | 'failed';

/** @param stepMs how long to work before the next step takes over */
export async function runExportStep(gateways: StepGateways, { tenant, id }: ExportJob, stepMs = EXPORT_STEP_MS): Promise<StepOutcome> {
  const holder = crypto.randomUUID();
  const { exports } = gateways.tenant(tenant);
  const startedAt = Date.now();
  const claim = await exports.claim(id, holder, startedAt, startedAt + EXPORT_LEASE_MS, RUNNING_PER_TENANT);
  if (claim.kind === 'busy') return 'busy';
  if (claim.kind !== 'held') return 'done';
  const held = new HeldExport(exports, gateways.files, holder, claim.row);
  let finished: boolean;
  try {
    finished = await work(gateways, held, claim.row, startedAt + stepMs);
  } catch (thrown) {
    return await afterFailure(gateways, held, claim.row, thrown);
  }
  if (finished) {
    await queueNextExport(gateways, tenant);
    return 'done';
  }
  await gateways.queues.exports([{ tenant, id }]);
  return 'goes_on';
}

/** @returns false when the step's time was up before the file was complete */
async function work(gateways: StepGateways, held: HeldExport, row: ExportRow, deadlineAt: number): Promise<boolean> {
  const done = held.done?.phase === 'joining' ? held.done : await writeRows(gateways, held, row, ExportPlan.parse(row.request), deadlineAt);
  if (!done) return false;
  if (done.phase === 'joining') await joinParts(gateways.files, row, done);
  await held.finish(done, null);
  return true;
}

async function joinParts(files: Files, { tenantId, id }: ExportRow, { multipart, etags, stored }: ExportCheckpoint): Promise<void> {
  const key = exportKey(tenantId, id);
  if (multipart === null) throw new Error('no parts to join');
  const parts = etags.map((etag, index) => ({ part: index + 1, etag }));
  try {
    await files.completeParts(key, multipart, parts);
  } catch (thrown) {
    // A step before this one may have joined them and crashed before it could say so.
    if ((await files.size(key)) !== stored) throw thrown;
  }
}

async function afterFailure(gateways: StepGateways, held: HeldExport, row: ExportRow, thrown: unknown): Promise<StepOutcome> {
  if (thrown instanceof LeaseLost) return await afterLoss(gateways, held, row);
  console.error(JSON.stringify({ export: row.id, failed: thrown instanceof Error ? thrown.name : typeof thrown }));
  const failures = held.failures + 1;
  const stored = held.done;
  const fresh = failures === FAILURES_BEFORE_FRESH_START;
  const last = failures >= FAILURES_BEFORE_GIVING_UP;
  try {
    if (last) await held.finish(null, 'server_error');
    else await held.release(failures, fresh);
  } catch (lost) {
    if (lost instanceof LeaseLost) return await afterLoss(gateways, held, row);
    throw lost;
  }
  if (fresh || last) await dropUnfinished(gateways.files, row, stored);
  if (!last) return 'try_again';
  await queueNextExport(gateways, row.tenantId);
  return 'failed';
}

/** Cancelled under the step's hands: what the step has stored since then goes as well. Another holder's work stays. */
async function afterLoss(gateways: StepGateways, held: HeldExport, row: ExportRow): Promise<StepOutcome> {
  const now = await gateways.tenant(row.tenantId).exports.find(row.id);
  if (now?.state === 'cancelled') await dropUnfinished(gateways.files, row, held.done);
  return 'done';
}
