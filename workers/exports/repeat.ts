/** Running an export again that failed, was cancelled or has expired: a new one with the same request, as its new owner may see it. */
import type { Actor } from '../../schema/console';
import type { ExportView } from '../../schema/exports';
import { AppError } from '../../schema/errors';
import type { ExportId } from '../../schema/ids';
import type { ExportState } from '../../schema/states';
import type { Gateways } from '../gateways';
import { ExportPlan } from './plan';
import { startExport } from './start';
import { ownExport } from './view';

const REPEATABLE: ReadonlySet<ExportState> = new Set(['failed', 'cancelled', 'expired']);

/** @throws AppError not_found, or conflict while the export runs or is there to be fetched */
export async function repeatExport(gateways: Pick<Gateways, 'tenant' | 'queues'>, actor: Actor, id: ExportId): Promise<ExportView> {
  const row = await ownExport(gateways, actor, id);
  if (!REPEATABLE.has(row.state)) throw new AppError('conflict');
  return await startExport(gateways, actor, ExportPlan.parse(row.request).request);
}
