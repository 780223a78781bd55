import { seesNumbers, type Actor } from '../../schema/console';
import { AppError } from '../../schema/errors';
import type { TaskId } from '../../schema/ids';
import type { Locale } from '../../schema/states';
import type { Gateways } from '../gateways';
import { writeXlsx } from '../gateways/spreadsheets';
import { ownSnapshot } from './own-task';
import { exceptionRow, exceptionsOf } from './task-exceptions';

const TITLES: Readonly<Record<Locale, { readonly file: string; readonly columns: readonly string[] }>> = {
  'zh-CN': { file: '异常数据', columns: ['行号', '号码', '原因'] },
  en: { file: 'bad-rows', columns: ['Row', 'Number', 'Reason'] },
};

/** 异常数据.xlsx: every bad row of the file, streamed while it is written. */
export async function taskExceptionsFile(
  gateways: Pick<Gateways, 'tenant' | 'objects' | 'files'>,
  actor: Actor,
  id: TaskId,
): Promise<{ fileName: string; body: ReadableStream }> {
  if (!seesNumbers(actor)) throw new AppError('forbidden');
  const { snapshot } = await ownSnapshot(gateways, actor, id);
  const { file, columns } = TITLES[actor.locale];
  async function* rows(): AsyncGenerator<readonly (string | number)[]> {
    for await (const bad of exceptionsOf(gateways, actor, id, snapshot.revision)) {
      const { row, value, reason } = exceptionRow(actor, bad);
      yield [row, value, reason];
    }
  }
  return { fileName: `${file}-${id}.xlsx`, body: writeXlsx({ sheetName: file, columns, rows: rows() }) };
}
