/** The bad rows of a task: a page for the screen. */
import { seesNumbers, type Actor } from '../../schema/console';
import { rowRejectionText } from '../../schema/errors';
import type { TaskId } from '../../schema/ids';
import { exceptionsPrefix } from '../../schema/storage-keys';
import type { Gateways } from '../gateways';
import { readExceptionLines } from './exception-lines';
import type { BadRow } from './judge-rows';
import { ownSnapshot } from './own-task';

export interface ExceptionRow {
  readonly row: number;
  readonly value: string;
  readonly reason: string;
}

/** In the order of the file. */
export async function taskExceptionRows(
  gateways: Pick<Gateways, 'tenant' | 'objects' | 'files'>,
  actor: Actor,
  id: TaskId,
  limit: number,
): Promise<readonly ExceptionRow[]> {
  const { snapshot } = await ownSnapshot(gateways, actor, id);
  const rows: ExceptionRow[] = [];
  for await (const bad of exceptionsOf(gateways, actor, id, snapshot.revision)) {
    rows.push(exceptionRow(actor, bad));
    if (rows.length === limit) break;
  }
  return rows;
}

/** One range's file in memory at a time. */
export async function* exceptionsOf(
  { files }: Pick<Gateways, 'files'>,
  actor: Actor,
  id: TaskId,
  revision: number,
): AsyncGenerator<BadRow> {
  for await (const key of files.list(exceptionsPrefix(actor.tenant, id, revision))) {
    const bytes = await files.read(key);
    if (bytes !== null) yield* readExceptionLines(new TextDecoder().decode(bytes));
  }
}

export function exceptionRow(actor: Actor, { row, value, reason, detail }: BadRow): ExceptionRow {
  return {
    row,
    value: seesNumbers(actor) ? value : value.replace(/\d(?=.*\d{4})/g, '•'),
    reason: rowRejectionText(reason, actor.locale, { name: detail, max: detail }),
  };
}
