/** The task form, from what was posted to what the verbs take, and back into the fields. */
import type { JSONObject } from '@builder.io/qwik-city';
import type { Actor, ConsoleServices, TaskFormOptions } from '../../schema/console';
import type { FieldError } from '../../schema/errors';
import type { ApprovalId, KeyId, UploadId } from '../../schema/ids';
import type { TaskContent } from '../../schema/protocol/task-run';
import { TEXT_TYPES, type TextType } from '../../schema/states';
import type { Departure } from '../../schema/approvals';
import { replaceLookAlikes } from '../../workers/rules/gsm-look-alikes';
import { departures, OPT_OUT_LINE, tellsOptOut } from '../../workers/rules/mainland';
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
  /** International template that the text was begun with; '' = none. */
  readonly template: string;
  /** Ids of approvals, '' = none chosen; null = an international task. */
  readonly domestic: { readonly signature: string; readonly template: string } | null;
}

const asTextType = (text: string): TextType => TEXT_TYPES.find((type) => type === text) ?? 'auto';

/** A form that nobody has touched. @param template what an international text begins with */
export function newTaskValues(options: TaskFormOptions, kind: 'international' | 'domestic', template = ''): TaskFormValues {
  const { domestic, keys, senders, templates } = options;
  const begun = templates.find(({ id }) => id === template);
  const [first] = domestic.templates;
  const isDomestic = kind === 'domestic';
  return {
    name: '',
    key: keys[0]?.id ?? '',
    sender: (isDomestic ? domestic.senders : senders)[0]?.value ?? '',
    text: (isDomestic ? first : begun)?.body ?? '',
    textType: 'auto',
    checkNumbers: true,
    receipts: false,
    callbackUrl: '',
    upload: '',
    fileName: '',
    template: begun?.id ?? '',
    domestic: isDomestic ? { signature: domestic.signatures[0]?.id ?? '', template: first?.id ?? '' } : null,
  };
}

/** What the form says of its text, so that the page is right before any script runs. */
export interface TextSigns {
  readonly facts: TextFacts;
  /** 【signature】 of a domestic task, '' otherwise: it is sent and counted with the text. */
  readonly prefix: string;
  /** Body that was approved; null for an international task. */
  readonly approved: string | null;
  /** Where a domestic text departs from it. */
  readonly marks: readonly Departure[];
  readonly lacksOptOut: boolean;
}

export function textSigns({ domestic, templates }: TaskFormOptions, values: TaskFormValues): TextSigns {
  const { text, textType, template } = values;
  if (values.domestic === null) {
    const samples = templates.find(({ id }) => id === template)?.samples ?? {};
    return { facts: textFacts(text, textType, samples), prefix: '', approved: null, marks: [], lacksOptOut: false };
  }
  // Of those that the selects show: the first ones where none was chosen.
  const chosen = values.domestic;
  const signature = domestic.signatures.find(({ id }) => id === chosen.signature) ?? domestic.signatures[0];
  const approved = (domestic.templates.find(({ id }) => id === chosen.template) ?? domestic.templates[0])?.body ?? '';
  const prefix = signature ? `【${signature.name}】` : '';
  return {
    facts: textFacts(prefix + text, textType, {}),
    prefix,
    approved,
    marks: departures(approved, text),
    lacksOptOut: text !== '' && !tellsOptOut(text),
  };
}

/** What a button beside the text asks for, where no script does it on the spot. null = the form is to be sent off. */
export function changedText(form: JSONObject): string | null {
  const text = posted(form, 'text').replaceAll('\r\n', '\n');
  const intent = posted(form, 'intent');
  return intent === 'replace' ? replaceLookAlikes(text) : intent === 'opt-out' ? text + OPT_OUT_LINE : null;
}

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

/** The form again: refused, or with a text that was changed as asked. Its file is safe. */
export interface TaskFormAnswer {
  readonly refusal: Refusal | null;
  readonly upload: string;
  readonly text: string;
}

export const formAgain = (form: JSONObject, refusal: Refusal | null, upload: string | null, text?: string): TaskFormAnswer => ({
  refusal,
  upload: upload ?? posted(form, 'upload'),
  text: text ?? posted(form, 'text').replaceAll('\r\n', '\n'),
});

/** What was posted goes before what the page would show. */
export function formValues(before: TaskFormValues, form: FormData | undefined, answer: TaskFormAnswer | undefined): TaskFormValues {
  if (!form) return before;
  const file = form.get('file');
  return {
    domestic: before.domestic && { signature: again(form, 'signature'), template: again(form, 'template') },
    template: before.domestic ? '' : again(form, 'template'),
    name: again(form, 'name'),
    key: again(form, 'key'),
    sender: again(form, 'sender'),
    text: answer?.text ?? again(form, 'text'),
    textType: asTextType(again(form, 'textType')),
    checkNumbers: form.has('checkNumbers'),
    receipts: form.has('receipts'),
    callbackUrl: again(form, 'callbackUrl'),
    upload: answer?.upload ?? again(form, 'upload'),
    fileName: file instanceof File && file.name !== '' ? file.name : again(form, 'fileName'),
  };
}
