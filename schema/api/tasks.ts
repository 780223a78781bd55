/** Bulk sends from a file of numbers: uploads and tasks. */
import { z } from 'zod';
import { TASK_ACTIONS, TASK_STATES, TEXT_TYPES, UPLOAD_STATES } from '../states';
import { CallbackUrl, Cursor, fieldCode, IdText, Instant, Iso2Code, Money, NextCursor, Sender, textUpTo } from './common';

export const NewUpload = z
  .strictObject({
    file_name: textUpTo(255).meta({ examples: ['numbers.csv'] }),
    size: z.int().nonnegative().meta({ description: 'Bytes of the whole file.' }),
  })
  .meta({ id: 'NewUpload', examples: [{ file_name: 'numbers.csv', size: 1024 }] });
export const Upload = z
  .object({
    id: z.string(),
    file_name: z.string(),
    size: z.int(),
    part_bytes: z.int().meta({ description: 'Every part has this size but the last.' }),
    parts: z.int(),
    received: z.array(z.int()).meta({ description: 'Numbers of the parts that are safely stored, from 1.' }),
    status: z.enum(UPLOAD_STATES),
  })
  .meta({ id: 'Upload' });
export const UploadId = z.strictObject({ id: IdText });
export const UploadPart = z.strictObject({ id: IdText, part: z.coerce.number().int().min(1).max(10_000) });

export const NewTask = z
  .strictObject({
    name: textUpTo(100),
    from: Sender,
    text: textUpTo(10_000).optional(),
    template_id: IdText.optional().meta({ description: 'In place of `text`.' }),
    type: z.enum(TEXT_TYPES).default('auto'),
    upload_id: IdText.meta({ description: 'A finished upload. Its first column holds the numbers, the others are variables.' }),
    check_numbers: z
      .boolean()
      .optional()
      .meta({ description: 'Without effect: what the blacklist of the key holds is always left out.', deprecated: true }),
    callback_url: CallbackUrl.optional(),
  })
  .refine(({ text, template_id: template }) => (text === undefined) !== (template === undefined), {
    path: ['text'],
    ...fieldCode('one_of', { fields: 'text, template_id' }),
  })
  .meta({
    id: 'NewTask',
    examples: [{ name: 'Autumn sale', from: 'JINMU', text: 'Hi {{name}}, the sale begins at 20:00.', upload_id: 'up_…' }],
  });

export const Task = z
  .object({
    id: z.string(),
    name: z.string(),
    from: z.string(),
    status: z.enum(TASK_STATES),
    actions: z.array(z.enum(TASK_ACTIONS)).meta({ description: 'What the task allows now.' }),
    refusal: z.object({ code: z.string(), text: z.string() }).nullable().meta({ description: 'Why its file could not be read.' }),
    created_at: Instant,
    starts_at: Instant.nullable(),
    started_at: Instant.nullable(),
    ended_at: Instant.nullable(),
    statistics: z.object({
      rows: z.int(),
      valid: z.int(),
      invalid: z.int(),
      duplicates: z.int(),
      blacklisted: z.int(),
      parts: z.int(),
      submitted: z.int(),
      delivered: z.int(),
      failed: z.int(),
      cancelled: z.int(),
      cost: Money.meta({ description: 'An estimate until the task has ended.' }),
      by_country: z.array(z.object({ country: Iso2Code, messages: z.int(), parts: z.int(), cost: Money })),
    }),
  })
  .meta({ id: 'Task' });
const TaskListItem = Task.omit({ refusal: true, statistics: true })
  .extend({ submitted: z.int(), delivered: z.int(), failed: z.int(), cancelled: z.int(), valid: z.int(), rows: z.int(), cost: Money })
  .meta({ id: 'TaskListItem' });
export const TaskCreated = z.object({ id: z.string() }).meta({ id: 'TaskCreated' });
export const TaskId = z.strictObject({ id: IdText });
export const TaskQuery = z.strictObject({
  status: z.enum(TASK_STATES).optional(),
  name: textUpTo(100).optional(),
  country: Iso2Code.optional(),
  created_from: Instant.optional(),
  created_until: Instant.optional(),
  cursor: Cursor.optional(),
});
export const TaskPage = z.object({ tasks: z.array(TaskListItem), cursor: NextCursor }).meta({ id: 'TaskPage' });
export const TaskConfirmation = z
  .strictObject({ start_at: Instant.nullable().default(null).meta({ description: 'null = now.' }) })
  .meta({ id: 'TaskConfirmation', examples: [{}] });
export const TASK_API_ACTIONS = ['pause', 'resume', 'stop', 'cancel'] as const;
