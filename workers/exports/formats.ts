/** What each format makes of the rows, and how its files are fetched. */
import type { ExportFormat } from '../../schema/states';
import { CSV_TYPE, GZIP_TYPE, XLSX_TYPE } from '../rules/content-types';
import type { ExportCheckpoint } from '../rules/export-checkpoint';
import { sheetColumns, titleLine } from '../rules/file-columns';
import { columnsFor, kindName } from './kinds';
import { LinePacker } from './pack-lines';
import { SheetPacker } from './pack-sheets';
import type { ExportPlan } from './plan';
import type { RowPacker } from './row-packer';

/** @param from what is already stored */
export function packerFor({ request, format: { locale } }: ExportPlan, from: Pick<ExportCheckpoint, 'members' | 'book'>): RowPacker {
  const columns = columnsFor(request);
  if (request.format === 'xlsx') return new SheetPacker(kindName(request.kind, locale), sheetColumns(columns, locale), from.book);
  return new LinePacker(titleLine(columns, locale, request.bom), from.members, request.format === 'csv.gz');
}

export const CONTENT_TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: CSV_TYPE,
  'csv.gz': GZIP_TYPE,
  xlsx: XLSX_TYPE,
};

/** Whether users fetch the very bytes that rest in R2. */
export const isFetchedAsStored = (format: ExportFormat): boolean => format !== 'csv';
