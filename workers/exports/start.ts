/** Starting an export: one row, one job; the file is made in the background. */
import type { Actor, ExportRequest, ExportView } from '../../schema/console';
import { newExportId } from '../../schema/ids';
import type { Gateways } from '../gateways';
import { exportFileName, planExport } from './plan';
import { readExport } from './view';

export async function startExport(
  gateways: Pick<Gateways, 'tenant' | 'queues'>,
  actor: Actor,
  request: ExportRequest,
): Promise<ExportView> {
  const now = Date.now();
  const id = newExportId();
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
  // When this fails the row is there and the repair of stuck exports queues it.
  await gateways.queues.exports([{ tenant: actor.tenant, id }]);
  return await readExport(gateways, actor, id);
}
