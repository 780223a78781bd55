/** What an unfinished export left in R2. Whatever this misses R2 drops itself: multipart uploads after 7 days, files by the bucket's rule. */
import { exportCarryPrefix, exportKey } from '../../schema/storage-keys';
import type { Files } from '../gateways/files';
import type { ExportRow } from '../gateways/stores/exports';
import type { ExportCheckpoint } from '../rules/export-checkpoint';

export async function dropUnfinished(
  files: Files,
  { tenantId, id }: Pick<ExportRow, 'tenantId' | 'id'>,
  done: ExportCheckpoint | null,
): Promise<void> {
  if (!done) return;
  if (done.multipart !== null) await files.abortParts(exportKey(tenantId, id), done.multipart);
  for await (const key of files.list(exportCarryPrefix(tenantId, id))) await files.remove([key]);
}
