/** Bad rows as they rest in R2 between the check and the download: csv without any change to the values. */
import { ROW_REJECTIONS, type RowRejection } from '../../schema/errors';
import { parseCsv } from '../rules/csv';
import { rawCsvLine } from './raw-csv';
import type { BadRow } from './judge-rows';

/** In the order of the file. */
export const exceptionLines = (bad: readonly BadRow[]): string =>
  bad
    .toSorted((a, b) => a.row - b.row)
    .map(({ row, value, reason, detail }) => rawCsvLine([String(row), value, reason, detail]))
    .join('');

export const readExceptionLines = (text: string): BadRow[] =>
  parseCsv(text, ',').map(([row = '', value = '', reason = '', detail = '']) => ({
    row: Number(row),
    value,
    reason: isRejection(reason) ? reason : 'not_a_number',
    detail,
  }));

const isRejection = (text: string): text is RowRejection => Object.hasOwn(ROW_REJECTIONS, text);
