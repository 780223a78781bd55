/** One posted task form: read, its file sent on when it came along, the verb run. Server only. */
import type { JSONObject, RequestEventCommon } from '@builder.io/qwik-city';
import { AppError } from '../../schema/errors';
import type { UploadId } from '../../schema/ids';
import type { TaskContent } from '../../schema/protocol/task-run';
import { posted } from './forms';
import { attempt, refuseFields } from './outcome';
import { actorOf, servicesOf } from './platform';
import { PLAIN_POST_MAX_BYTES, readTaskContent, refuseTask, storePostedFile, type TaskFormRefusal } from './task-form';

/** Before the body is read: it would have to fit into memory. @throws AppError too_large */
export function refuseLargePost(event: RequestEventCommon): void {
  if (Number(event.request.headers.get('content-length') ?? 0) > PLAIN_POST_MAX_BYTES) throw new AppError('too_large');
}

/** @param verb createTask or editTask */
export async function submitTask<T>(
  event: RequestEventCommon,
  form: JSONObject,
  verb: (content: TaskContent) => Promise<T>,
): Promise<{ done: T } | { refused: TaskFormRefusal }> {
  const actor = actorOf(event);
  const services = servicesOf(event);
  const read = readTaskContent(form, await services.taskFormOptions(actor));
  if ('wrong' in read) return { refused: refuseTask(refuseFields(event, read.wrong), form, null) };
  let upload: UploadId | null = read.content.upload;
  const tried = await attempt(event, async () => {
    upload = (await storePostedFile(services, actor, form)) ?? upload;
    if (upload === null && posted(form, 'intent') !== 'draft') {
      const others = await services.taskFaults(actor, read.content);
      throw new AppError('invalid_request', { fields: [...others, { field: 'upload', code: 'required' }] });
    }
    return verb({ ...read.content, upload });
  });
  return 'refused' in tried ? { refused: refuseTask(tried.refused, form, upload) } : tried;
}
