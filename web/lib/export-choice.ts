/** The format that an export form posted. */
import { EXPORT_FORMATS, type ExportFormat } from '../../schema/states';
import { posted } from './forms';

/** What cannot be read is a workbook, as the form has it first. */
export const postedFormat = (form: Parameters<typeof posted>[0]): ExportFormat =>
  EXPORT_FORMATS.find((format) => format === posted(form, 'format')) ?? 'xlsx';
