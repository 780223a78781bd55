import type { TaskId, TenantId, UploadId } from '../../schema/ids';
import type { Gateways } from '../gateways';

/**
 * Begins the check if the file is there. Looked at again after the task was written: the upload may have been finished in between,
 * when completeUpload could not yet find a task that waits.
 */
export async function checkWhenComplete(
  gateways: Pick<Gateways, 'tenant' | 'objects'>,
  tenant: TenantId,
  task: TaskId,
  upload: UploadId | null,
): Promise<void> {
  if (upload === null) return;
  const found = await gateways.tenant(tenant).uploads.find(upload);
  if (found?.state === 'complete') await gateways.objects.taskRun(task).check();
}
