/** The filter of the task list as its address writes it. What cannot be read filters nothing. */
import type { Actor, LegacyTaskFilter, TaskListFilter } from '../../schema/console';
import type { UserId } from '../../schema/ids';
import { TASK_STATES } from '../../schema/states';
import { isIso2 } from '../../workers/rules/countries';
import { readPeriod } from './periods';

export function readTaskQuery(query: URLSearchParams, actor: Actor): TaskListFilter {
  const text = (name: string): string => query.get(name)?.trim() ?? '';
  const state = TASK_STATES.find((known) => known === text('state'));
  const country = text('country').toUpperCase();
  const { from: createdFrom, until: createdUntil } = readPeriod(query, actor.timeZone);
  return {
    ...(state && { state }),
    ...(text('id') !== '' && { id: text('id').toUpperCase() }),
    ...(text('name') !== '' && { name: text('name') }),
    ...(isIso2(country) && { country }),
    ...(text('user') !== '' && { user: text('user') as UserId }),
    ...(createdFrom !== undefined && { createdFrom }),
    ...(createdUntil !== undefined && { createdUntil }),
    ...(text('cursor') !== '' && { cursor: text('cursor') }),
  };
}

/** The same of tasks from before July 2021, whose ids are as the old platform wrote them. */
export function readLegacyTaskQuery(query: URLSearchParams, actor: Actor): LegacyTaskFilter {
  const { name, createdFrom, createdUntil, cursor } = readTaskQuery(query, actor);
  const id = query.get('id')?.trim() ?? '';
  return {
    ...(id !== '' && { id }),
    ...(name !== undefined && { name }),
    ...(createdFrom !== undefined && { createdFrom }),
    ...(createdUntil !== undefined && { createdUntil }),
    ...(cursor !== undefined && { cursor }),
  };
}
