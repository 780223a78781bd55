/** One posted task form: read, its file sent on when it came along, the verb run. Server only. */
import type { JSONObject, RequestEventCommon } from '@builder.io/qwik-city';
import { AppError } from '../../schema/errors';
import type { UploadId } from '../../schema/ids';
import type { TaskContent } from '../../schema/protocol/task-run';
import { posted } from './forms';
import { attempt, refuseFields } from './outcome';
import { actorOf, servicesOf } from './platform';
import { changedText, formAgain, PLAIN_POST_MAX_BYTES, readTaskContent, storePostedFile, type TaskFormAnswer } from './task-form';

/** Before the body is read: it would have to fit into memory. @throws AppError too_large */
export function refuseLargePost(event: RequestEventCommon): void {
  if (Number(event.request.headers.get('content-length') ?? 0) > PLAIN_POST_MAX_BYTES) throw new AppError('too_large');
}

/** @param verb createTask or editTask */
export async function submitTask<T>(
  event: RequestEventCommon,
  form: JSONObject,
  verb: (content: TaskContent) => Promise<T>,
): Promise<{ done: T } | { again: TaskFormAnswer }> {
  const actor = actorOf(event);
  const services = servicesOf(event);
  const text = changedText(form);
  if (text !== null) {
    const stored = await attempt(event, () => storePostedFile(services, actor, form));
    return { again: 'refused' in stored ? formAgain(form, stored.refused, null, text) : formAgain(form, null, stored.done, text) };
  }
  const read = readTaskContent(form, await services.taskFormOptions(actor));
  if ('wrong' in read) return { again: formAgain(form, refuseFields(event, read.wrong), null) };
  let upload: UploadId | null = read.content.upload;
  const tried = await attempt(event, async () => {
    upload = (await storePostedFile(services, actor, form)) ?? upload;
    if (upload === null && posted(form, 'intent') !== 'draft') {
      const others = await services.taskFaults(actor, read.content);
      throw new AppError('invalid_request', { fields: [...others, { field: 'upload', code: 'required' }] });
    }
    return verb({ ...read.content, upload });
  });
  return 'refused' in tried ? { again: formAgain(form, tried.refused, upload) } : tried;
}
