/** /api/tasks, and what the task form asks while it is filled in. */
import type { IRequest } from 'itty-router';
import { z } from 'zod';
import type { TaskListFilter } from '../../schema/console';
import { AppError } from '../../schema/errors';
import type { ApprovalId, Iso2, KeyId, TaskId, UploadId, UserId } from '../../schema/ids';
import { PAGE_ROWS, PAGE_ROWS_MAX } from '../../schema/limits';
import { TASK_STATES, TEXT_TYPES } from '../../schema/states';
import { attachment } from '../rules/content-disposition';
import { XLSX_TYPE } from '../rules/content-types';
import { parse, readJson } from './body';
import type { RequestContext } from './context';
import { signedIn } from './guards';

const NO_STORE = { 'cache-control': 'no-store' };
const taskId = (request: IRequest): TaskId => String(request.params['id']) as TaskId;
const answer = (value: unknown, status = 200): Response => Response.json(value, { status, headers: NO_STORE });
const done = (): Response => new Response(null, { status: 204 });

const Content = z.strictObject({
  name: z.string(),
  sender: z.string(),
  text: z.string(),
  textType: z.enum(TEXT_TYPES).default('auto'),
  key: z.string().transform((id) => id as KeyId),
  upload: z
    .string()
    .transform((id) => id as UploadId)
    .nullable()
    .default(null),
  checkNumbers: z.boolean().default(true),
  callbackUrl: z.string().nullable().default(null),
  domestic: z
    .strictObject({ signature: z.string().transform((id) => id as ApprovalId), template: z.string().transform((id) => id as ApprovalId) })
    .nullable()
    .default(null),
});

export async function postTask(request: IRequest, context: RequestContext): Promise<Response> {
  const actor = signedIn(context);
  const id = await context.services.createTask(actor, await readJson(request, Content));
  return answer({ id }, 201);
}

export async function putTask(request: IRequest, context: RequestContext): Promise<Response> {
  const actor = signedIn(context);
  await context.services.editTask(actor, taskId(request), await readJson(request, Content));
  return done();
}

export async function getTask(request: IRequest, context: RequestContext): Promise<Response> {
  return answer(await context.services.task(signedIn(context), taskId(request)));
}

const time = z.coerce.number().int().nonnegative();
const Filter = z.object({
  state: z.enum(TASK_STATES).optional(),
  id: z.string().max(30).optional(),
  name: z.string().max(100).optional(),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .transform((code) => code as Iso2)
    .optional(),
  user: z
    .string()
    .transform((id) => id as UserId)
    .optional(),
  createdFrom: time.optional(),
  createdUntil: time.optional(),
  cursor: z.string().max(60).optional(),
});

export async function getTasks(_request: IRequest, context: RequestContext): Promise<Response> {
  const actor = signedIn(context);
  // An empty field of a form is no filter.
  const given = [...context.url.searchParams].filter(([, value]) => value !== '');
  const filter: TaskListFilter = parse(Filter, Object.fromEntries(given));
  return answer(await context.services.tasks(actor, filter));
}

/** ms UTC; null = now. */
const Confirmation = z.strictObject({ startsAt: z.number().int().positive().nullable().default(null) });

export async function postTaskConfirm(request: IRequest, context: RequestContext): Promise<Response> {
  const actor = signedIn(context);
  const { startsAt } = await readJson(request, Confirmation);
  await context.services.confirmTask(actor, taskId(request), startsAt);
  return done();
}

const ACTIONS = ['pause', 'resume', 'stop', 'cancel'] as const;

export async function postTaskAction(request: IRequest, context: RequestContext): Promise<Response> {
  const actor = signedIn(context);
  const action = ACTIONS.find((name) => name === request.params['action']);
  if (action === undefined) throw new AppError('not_found');
  await context.services.actOnTask(actor, taskId(request), action);
  return done();
}

export async function getTaskExceptionsFile(request: IRequest, context: RequestContext): Promise<Response> {
  const { fileName, body } = await context.services.taskExceptions(signedIn(context), taskId(request));
  return new Response(body, { headers: { ...NO_STORE, 'content-type': XLSX_TYPE, 'content-disposition': attachment(fileName) } });
}

export async function getTaskExceptions(request: IRequest, context: RequestContext): Promise<Response> {
  const actor = signedIn(context);
  const limit = parse(
    z.coerce.number().int().min(1).max(PAGE_ROWS_MAX).default(PAGE_ROWS),
    context.url.searchParams.get('limit') ?? undefined,
  );
  return answer({ rows: await context.services.taskExceptionRows(actor, taskId(request), limit) });
}

const Measure = z.strictObject({ text: z.string().max(10_000), type: z.enum(TEXT_TYPES).default('auto') });

export async function postMeasure(request: IRequest, context: RequestContext): Promise<Response> {
  signedIn(context);
  const { text, type } = await readJson(request, Measure);
  return answer(context.services.measure(text, type));
}

export async function getTaskForm(_request: IRequest, context: RequestContext): Promise<Response> {
  return answer(await context.services.taskFormOptions(signedIn(context)));
}
