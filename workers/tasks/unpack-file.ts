import type { CheckJob } from '../../schema/jobs';
import { uploadKey } from '../../schema/storage-keys';
import type { SourceFile } from '../../schema/protocol/task-run';
import type { Gateways } from '../gateways';
import { detectEncoding } from '../rules/text-encoding';
import { delimiterOf, HEAD_BYTES } from './file-head';

type Needed = Pick<Gateways, 'files' | 'objects' | 'tenant'>;
type Scope = Pick<CheckJob, 'tenant' | 'task' | 'revision'>;

/** Finds the csv that the file is, or makes it: xlsx, .gz and UTF-16 become UTF-8 csv first, everything else is read as it lies. */
export async function unpackFile(gateways: Needed, scope: Scope): Promise<void> {
  const task = gateways.objects.taskRun(scope.task);
  const plan = await task.plan(scope.revision);
  if (plan === null || plan.settings.upload === null) return;
  const key = uploadKey(scope.tenant, plan.settings.upload);
  const size = await gateways.files.size(key);
  const head = await gateways.files.read(key, { offset: 0, length: HEAD_BYTES });
  if (size === null || head === null) throw new Error('the uploaded file is gone');
  await task.unpacked(scope.revision, plainSource(key, size, head));
}

function plainSource(key: string, size: number, head: Uint8Array): SourceFile {
  const detected = detectEncoding(head);
  const { encoding, bomLength } = detected;
  if (encoding !== 'utf-8' && encoding !== 'gb18030') throw new Error('UTF-16 is unpacked first');
  return { key, size, encoding, bomLength, delimiter: delimiterOf(head, detected) };
}
