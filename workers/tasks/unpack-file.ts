import { AppError } from '../../schema/errors';
import type { CheckJob } from '../../schema/jobs';
import { innerBookKey, unpackedKey, uploadKey } from '../../schema/storage-keys';
import type { Gateways } from '../gateways';
import { unpackSource } from './unpack-source';

type Needed = Pick<Gateways, 'files' | 'objects' | 'tenant'>;
type Scope = Pick<CheckJob, 'tenant' | 'task' | 'revision'>;

/** The csv of a task's file, told to its TaskRun. May be repeated. */
export async function unpackFile(gateways: Needed, { tenant, task: id, revision }: Scope): Promise<void> {
  const task = gateways.objects.taskRun(id);
  const plan = await task.plan(revision);
  if (plan === null || plan.settings.upload === null) return;
  const row = await gateways.tenant(tenant).uploads.find(plan.settings.upload);
  if (row === null) throw new AppError('gone');
  const file = {
    upload: uploadKey(tenant, row.id),
    fileName: row.fileName,
    csv: unpackedKey(tenant, id, revision),
    innerBook: innerBookKey(tenant, id, revision),
  };
  const source = await unpackSource(gateways.files, file, (done, total) => task.progress(revision, 'unpacking', done, total));
  await task.unpacked(revision, source);
}
