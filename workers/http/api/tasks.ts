/** /v1/tasks: bulk sends from an uploaded file, of the marketing key that asks. */
import type { z } from 'zod';
import {
  NewTask,
  Task,
  TASK_API_ACTIONS,
  TaskConfirmation,
  TaskCreated,
  TaskId as TaskPath,
  TaskPage,
  TaskQuery,
} from '../../../schema/api/tasks';
import type { TaskListFilter, TaskListItem, TaskView } from '../../../schema/console';
import { AppError } from '../../../schema/errors';
import type { Iso2, KeyId, TaskId, UploadId } from '../../../schema/ids';
import type { RequestClaim } from '../../../schema/protocol/objects';
import type { MessageState } from '../../../schema/states';
import { MISSED_MESSAGE_STATES, SENT_MESSAGE_STATES } from '../../../schema/states';
import { actOnTask } from '../../tasks/act-on-task';
import { confirmTask } from '../../tasks/confirm-task';
import { createTask } from '../../tasks/create-task';
import { listTasks } from '../../tasks/list-tasks';
import { ownTask } from '../../tasks/own-task';
import { showTask } from '../../tasks/task-view';
import { operation, type ApiCall, type Operation, type Said } from './operation';
import { textOf } from './text-of';
import { instant, instantOrNull, money } from './words';

const TAG = 'Tasks';
type TaskCall = Pick<ApiCall<z.output<typeof TaskPath>, unknown, unknown>, 'actor' | 'context' | 'params'>;

function view(task: TaskView) {
  const { settings, check, sending } = task;
  const { totals } = check;
  const count = (states: readonly MessageState[]): number => states.reduce((sum, state) => sum + (sending.byState[state] ?? 0), 0);
  const cost = task.startedAt === null ? totals.costMicros : sending.costMicros;
  return {
    id: settings.task,
    name: settings.name,
    from: settings.sender,
    status: task.state,
    actions: task.actions,
    refusal: task.refusal && { code: task.refusal.code, text: task.refusalText ?? '' },
    created_at: instant(settings.createdAt),
    starts_at: instantOrNull(task.startsAt),
    started_at: instantOrNull(task.startedAt),
    ended_at: instantOrNull(task.endedAt),
    statistics: {
      rows: totals.rows,
      valid: totals.valid,
      invalid: totals.invalid,
      duplicates: totals.duplicates,
      blacklisted: totals.blacklisted,
      parts: totals.parts,
      submitted: count(SENT_MESSAGE_STATES),
      delivered: count(['delivered']),
      failed: count(MISSED_MESSAGE_STATES),
      cancelled: count(['cancelled', 'blocked']),
      cost: money(cost),
      by_country: task.countries.map(({ country, messages, parts, costMicros }) => ({ country, messages, parts, cost: money(costMicros) })),
    },
  };
}

const listView = (row: TaskListItem) => ({
  id: row.id,
  name: row.name,
  from: row.sender,
  status: row.state,
  actions: row.actions,
  created_at: instant(row.createdAt),
  starts_at: instantOrNull(row.startsAt),
  started_at: instantOrNull(row.startedAt),
  ended_at: instantOrNull(row.endedAt),
  rows: row.rows,
  valid: row.valid,
  submitted: row.submitted,
  delivered: row.delivered,
  failed: row.failed,
  cancelled: row.cancelled,
  cost: money(row.costMicros),
});

const create = operation({
  method: 'POST',
  path: '/v1/tasks',
  id: 'createTask',
  tag: TAG,
  summary: { en: 'Make a task from a finished upload', zh: '用已上传的文件创建任务' },
  description: 'Its file is then checked in the background; nothing is sent before it is confirmed. For marketing keys.',
  body: NewTask,
  answers: { 201: { text: 'Made.', shape: TaskCreated } },
  errors: ['forbidden'],
  isRepeatable: true,
  async answer({ actor, key, context, body }, claim) {
    if (key.kind !== 'marketing') throw new AppError('forbidden');
    const content = async () => ({
      name: body.name,
      sender: body.from,
      text: await textOf(context.gateways, key.tenant, body, true),
      textType: body.type,
      key: key.id,
      upload: body.upload_id as UploadId,
      // Who holds the key must not be able to go round its blacklist.
      checkNumbers: true,
      callbackUrl: body.callback_url ?? null,
    });
    const id = await createTask(context.gateways, actor, content, claim);
    return { status: 201, body: { id } };
  },
});

const list = operation({
  method: 'GET',
  path: '/v1/tasks',
  id: 'listTasks',
  tag: TAG,
  summary: { en: 'Tasks of the tenant with their figures', zh: '任务列表与统计' },
  query: TaskQuery,
  answers: { 200: { text: 'One page, newest first.', shape: TaskPage } },
  errors: [],
  async answer({ actor, context, query }) {
    const filter: TaskListFilter = {
      ...(query.status !== undefined && { state: query.status }),
      ...(query.name !== undefined && { name: query.name }),
      ...(query.country !== undefined && { country: query.country as Iso2 }),
      ...(query.created_from !== undefined && { createdFrom: Date.parse(query.created_from) }),
      ...(query.created_until !== undefined && { createdUntil: Date.parse(query.created_until) }),
      ...(query.cursor !== undefined && { cursor: query.cursor }),
    };
    const page = await listTasks(context.gateways, actor, filter);
    return { status: 200, body: { tasks: page.rows.map(listView), cursor: page.cursor } };
  },
});

const read = operation({
  method: 'GET',
  path: '/v1/tasks/{id}',
  id: 'getTask',
  tag: TAG,
  summary: { en: 'One task with its statistics', zh: '查询一个任务及其统计' },
  params: TaskPath,
  answers: { 200: { text: 'The task as it stands.', shape: Task } },
  errors: ['not_found'],
  answer: async ({ actor, context, params }) => ({
    status: 200,
    body: view(await showTask(context.gateways, actor, params.id as TaskId)),
  }),
});

const keyOfTask = async ({ actor, context, params }: TaskCall): Promise<KeyId> =>
  (await ownTask(context.gateways, actor, params.id as TaskId)).keyId;

/** Whoever takes over may come when it is done: then the task as it stands is the answer. */
async function unlessDone(claim: RequestClaim | null, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (thrown) {
    if (!(claim?.takenOver && thrown instanceof AppError && thrown.code === 'conflict')) throw thrown;
  }
}

const confirm = operation({
  method: 'POST',
  path: '/v1/tasks/{id}/confirm',
  id: 'confirmTask',
  tag: TAG,
  summary: { en: 'Send it, now or at a time; holds its cost', zh: '确认发送：立即或定时，并冻结费用' },
  params: TaskPath,
  body: TaskConfirmation,
  answers: { 200: { text: 'The task as it stands.', shape: Task } },
  errors: ['not_found', 'conflict', 'nothing_to_send', 'insufficient_balance', 'daily_messages', 'daily_spend'],
  isRepeatable: true,
  reach: keyOfTask,
  async answer({ actor, context, params, body }, claim) {
    const id = params.id as TaskId;
    await unlessDone(claim, confirmTask(context.gateways, actor, id, body.start_at === null ? null : Date.parse(body.start_at)));
    return { status: 200, body: view(await showTask(context.gateways, actor, id)) };
  },
});

const SUMMARIES: Readonly<Record<(typeof TASK_API_ACTIONS)[number], Said>> = {
  pause: { en: 'Pause it: nothing leaves after this returns', zh: '暂停：返回后不再发出' },
  resume: { en: 'Go on', zh: '继续' },
  stop: { en: 'End it: what was not submitted is cancelled and costs nothing', zh: '停止：未提交的短信取消且不计费' },
  cancel: { en: 'Give it up before it starts', zh: '开始前取消任务' },
};

const actions = TASK_API_ACTIONS.map((action) =>
  operation({
    method: 'POST',
    path: `/v1/tasks/{id}/${action}`,
    id: `${action}Task`,
    tag: TAG,
    summary: SUMMARIES[action],
    params: TaskPath,
    answers: { 200: { text: 'The task as it stands.', shape: Task } },
    errors: ['not_found', 'conflict'],
    isRepeatable: true,
    reach: keyOfTask,
    async answer({ actor, context, params }, claim) {
      const id = params.id as TaskId;
      await unlessDone(claim, actOnTask(context.gateways, actor, id, action));
      return { status: 200, body: view(await showTask(context.gateways, actor, id)) };
    },
  }),
);

export const TASK_OPERATIONS: readonly Operation[] = [create, list, read, confirm, ...actions];
