/** One task for its page, with what the page must not compute in the browser. Server only. */
import type { RequestEventCommon } from '@builder.io/qwik-city';
import type { TaskView } from '../../schema/console';
import type { TaskId } from '../../schema/ids';
import { parseTemplate } from '../../workers/rules/text-variables';
import type { Segment } from './message-text';
import { actorOf, servicesOf } from './platform';

export const taskIdOf = (event: RequestEventCommon): TaskId => (event.params['id'] ?? '') as TaskId;

/** @throws AppError not_found */
export const readTask = (event: RequestEventCommon): Promise<TaskView> => servicesOf(event).task(actorOf(event), taskIdOf(event));

/** The text with the values of the first valid row, which are marked; the bare text where there is no row yet. */
export function previewSegments({ settings, check }: TaskView): Segment[] {
  const { literals, names } = parseTemplate(settings.text);
  const columns = check.columns.map((name) => name.trim());
  return literals
    .flatMap((literal, at): Segment[] => {
      const name = names[at];
      if (name === undefined) return [{ text: literal, variable: false }];
      const value = check.totals.sample?.[columns.indexOf(name)] ?? `{{${name}}}`;
      return [
        { text: literal, variable: false },
        { text: value, variable: true },
      ];
    })
    .filter(({ text }) => text !== '');
}
