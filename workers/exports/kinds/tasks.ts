/** The overview of tasks as task statistics show it, newest first. */
import { z } from 'zod';
import type { LineFormat } from '../../../schema/protocol/message-shard';
import type { FileColumn } from '../../rules/file-columns';
import { formatLocal } from '../../rules/local-time';
import { decimalMoney } from '../../rules/money';
import { taskStateName } from '../../rules/state-names';
import type { ListedTask } from '../../gateways/stores/tasks';
import type { ListPlace } from '../../rules/list-place';
import { csvBatch } from '../csv-batch';
import type { Kind } from '../kind';
import type { LegacyTaskItem, TaskListFilter } from '../../../schema/console';
import type { RequestOf } from '../../../schema/exports';

const COLUMNS: readonly FileColumn[] = [
  { 'zh-CN': '任务ID', en: 'Task ID' },
  { 'zh-CN': '发送用户', en: 'User' },
  { 'zh-CN': '任务名称', en: 'Task name' },
  { 'zh-CN': '创建时间', en: 'Created at' },
  { 'zh-CN': '发送时间', en: 'Sent at' },
  { 'zh-CN': '任务状态', en: 'State' },
  { 'zh-CN': '短信统计', en: 'Messages', cells: 'number' },
  { 'zh-CN': '已发送条数', en: 'Sent', cells: 'number' },
  { 'zh-CN': '成功条数', en: 'Delivered', cells: 'number' },
  { 'zh-CN': '失败条数', en: 'Failed', cells: 'number' },
  { 'zh-CN': '费用统计', en: 'Cost', cells: 'number' },
];

const TaskPlace = z.object({ createdAt: z.number().int(), id: z.string() });
/** Of one query of D1. */
const PAGE_TASKS = 500;

/** Pages of either dataset; what a filter asks that the other does not have, it does not ask of it. */
interface TaskPages {
  count(filter: Omit<TaskListFilter, 'cursor'>): Promise<number>;
  page(filter: Omit<TaskListFilter, 'cursor'>, before: ListPlace | null, limit: number): Promise<readonly (ListedTask | LegacyTaskItem)[]>;
}

export const tasks: Kind<RequestOf<'tasks'>> = {
  name: { 'zh-CN': '任务统计', en: 'tasks' },
  columnsOf: () => COLUMNS,
  open(gateways, tenant, { filter: { dataset = 'current', ...filter } }, format, until) {
    const stores = gateways.tenant(tenant);
    const store: TaskPages = dataset === 'legacy' ? stores.legacyTasks : stores.tasks;
    const bounded = { ...filter, createdUntil: Math.min(filter.createdUntil ?? until, until) };
    return {
      rowsAtMost: () => store.count(bounded),
      async *batches(from) {
        let before = from === null ? null : TaskPlace.parse(from);
        for (;;) {
          const found = await store.page(bounded, before && { at: before.createdAt, id: before.id }, PAGE_TASKS);
          const last = found.at(-1);
          if (!last) return;
          before = { createdAt: last.createdAt, id: last.id };
          yield csvBatch(
            found.map((task) => cells('sent' in task ? task : shownTask(task, format), format)),
            before,
          );
          if (found.length < PAGE_TASKS) return;
        }
      },
    };
  },
};

/** A task of today in the words of those of then. */
const shownTask = (task: ListedTask, { locale }: LineFormat): LegacyTaskItem => ({
  ...task,
  startedAt: task.startedAt ?? task.startsAt,
  state: taskStateName(task.state, locale),
  messages: task.valid,
  sent: task.submitted,
});

function cells(task: LegacyTaskItem, { timeZone }: LineFormat): string[] {
  return [
    task.id,
    task.userName,
    task.name,
    formatLocal(task.createdAt, timeZone),
    task.startedAt === null ? '' : formatLocal(task.startedAt, timeZone),
    task.state,
    String(task.messages),
    String(task.sent),
    String(task.delivered),
    String(task.failed),
    decimalMoney(task.costMicros),
  ];
}
