/** Starting an export: one row, one job; the file is made in the background. */
import type { Actor } from '../../schema/console';
import type { ExportRequest, ExportView } from '../../schema/exports';
import { AppError } from '../../schema/errors';
import { newExportId } from '../../schema/ids';
import type { RequestClaim } from '../../schema/protocol/objects';
import type { Gateways } from '../gateways';
import { refuseImpossible } from '../messages/report';
import { exportFileName, planExport } from './plan';
import { readBegunExport } from './view';

/** @throws AppError not_found when the export is about a task or a key that this tenant does not have; invalid_request for a report that is none */
async function checkSubject({ tenant }: Pick<Gateways, 'tenant'>, actor: Actor, request: ExportRequest): Promise<void> {
  if (request.kind === 'report') refuseImpossible(request.filter, request.filter.groupBy);
  const { tasks, keys } = tenant(actor.tenant);
  if (request.kind === 'blacklist' && !(await keys.find(request.filter.key))) throw new AppError('not_found');
  if ((request.kind === 'statement' || request.kind === 'failures') && !(await tasks.find(request.filter.task)))
    throw new AppError('not_found');
}

/**
 * @param claim of a request that may be repeated: another run of it finds the row that the first one made
 * @returns the export as it was begun, however far it is by now: a repeat is answered the same
 * @throws AppError not_found when it is about a task or a key that this tenant does not have
 */
export async function startExport(
  gateways: Pick<Gateways, 'tenant' | 'queues'>,
  actor: Actor,
  request: ExportRequest,
  claim: RequestClaim | null = null,
): Promise<ExportView> {
  await checkSubject(gateways, actor, request);
  const now = claim?.at ?? Date.now();
  const id = newExportId(claim?.seed);
  const { exports } = gateways.tenant(actor.tenant);
  await exports.add(
    {
      id,
      userId: actor.user,
      kind: request.kind,
      format: request.format,
      fileName: exportFileName(request, actor, now),
      request: planExport(actor, request, now),
    },
    now,
  );
  // When this fails the row is there and the repair of stuck exports queues it. A job too many finds the export held or ended.
  await gateways.queues.exports([{ tenant: actor.tenant, id }]);
  return await readBegunExport(gateways, actor, id);
}
