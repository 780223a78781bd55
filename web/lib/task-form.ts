/** The task form, from what was posted to what the verbs take, and back into the fields. */
import type { JSONObject } from '@builder.io/qwik-city';
import type { Actor, ConsoleServices, TaskFormOptions } from '../../schema/console';
import type { FieldError } from '../../schema/errors';
import type { ApprovalId, KeyId, UploadId } from '../../schema/ids';
import type { TaskContent } from '../../schema/protocol/task-run';
import { TEXT_TYPES, type TextType } from '../../schema/states';
import { again, posted } from './forms';
import { textFacts, type TextFacts } from './message-text';
import type { Refusal } from './outcome';

/** What the fields show. */
export interface TaskFormValues {
  readonly name: string;
  readonly key: string;
  readonly sender: string;
  readonly text: string;
  readonly textType: TextType;
  readonly checkNumbers: boolean;
  readonly receipts: boolean;
  readonly callbackUrl: string;
  readonly upload: string;
  readonly fileName: string;
  /** Ids of approvals, '' = none chosen; null = an international task. */
  readonly domestic: { readonly signature: string; readonly template: string } | null;
}

const asTextType = (text: string): TextType => TEXT_TYPES.find((type) => type === text) ?? 'auto';

/** A body of this size is held in memory while its file goes on in parts; larger files need the script, which sends them in parts itself. */
export const PLAIN_POST_MAX_BYTES = 32 * 1024 * 1024;

export function readTaskContent(form: JSONObject, options: TaskFormOptions): { content: TaskContent } | { wrong: FieldError[] } {
  const receipts = posted(form, 'receipts') !== '';
  const callbackUrl = posted(form, 'callbackUrl').trim();
  if (receipts && callbackUrl === '') return { wrong: [{ field: 'callbackUrl', code: 'required' }] };
  const isDomestic = posted(form, 'kind') === 'domestic';
  const offered: readonly { readonly id: string; readonly body: string }[] = isDomestic ? options.domestic.templates : options.templates;
  const template = offered.find(({ id }) => id === posted(form, 'template'));
  // Browsers post line ends as CRLF; a message counts and sends them as one character.
  const text = posted(form, 'text').replaceAll('\r\n', '\n');
  const upload = posted(form, 'upload');
  return {
    content: {
      name: posted(form, 'name'),
      sender: posted(form, 'sender').trim(),
      text: text === '' && template ? template.body : text,
      textType: asTextType(posted(form, 'textType')),
      key: posted(form, 'key') as KeyId,
      upload: upload === '' ? null : (upload as UploadId),
      checkNumbers: posted(form, 'checkNumbers') !== '',
      callbackUrl: receipts ? callbackUrl : null,
      domestic: isDomestic
        ? { signature: posted(form, 'signature') as ApprovalId, template: posted(form, 'template') as ApprovalId }
        : null,
    },
  };
}

/** A file that came inside the form (without script), sent on in the parts that the platform wants. null when there is none. */
export async function storePostedFile(services: ConsoleServices, actor: Actor, form: JSONObject): Promise<UploadId | null> {
  const file: unknown = form['file'];
  if (!(file instanceof File) || file.name === '') return null;
  const { id, partBytes, parts } = await services.createUpload(actor, { fileName: file.name, size: file.size });
  for (let part = 1; part <= parts; part++) {
    const body = await file.slice((part - 1) * partBytes, part * partBytes).arrayBuffer();
    await services.uploadPart(actor, id, part, body, body.byteLength);
  }
  await services.completeUpload(actor, id);
  return id;
}

/** A refusal of the task form: the file that came with it is safe, and the text is measured as it was written. */
export interface TaskFormRefusal extends Refusal {
  readonly upload: string;
  readonly facts: TextFacts;
}

export const refuseTask = (refused: Refusal, form: JSONObject, upload: string | null): TaskFormRefusal => ({
  ...refused,
  upload: upload ?? posted(form, 'upload'),
  facts: textFacts(posted(form, 'text'), asTextType(posted(form, 'textType')), {}),
});

/** What was posted and refused goes before what the page would show. */
export function formValues(before: TaskFormValues, form: FormData | undefined, refusal: TaskFormRefusal | undefined): TaskFormValues {
  if (!form) return before;
  const file = form.get('file');
  return {
    domestic: before.domestic && { signature: again(form, 'signature'), template: again(form, 'template') },
    name: again(form, 'name'),
    key: again(form, 'key'),
    sender: again(form, 'sender'),
    text: again(form, 'text'),
    textType: asTextType(again(form, 'textType')),
    checkNumbers: form.has('checkNumbers'),
    receipts: form.has('receipts'),
    callbackUrl: again(form, 'callbackUrl'),
    upload: refusal?.upload ?? again(form, 'upload'),
    fileName: file instanceof File && file.name !== '' ? file.name : again(form, 'fileName'),
  };
}
