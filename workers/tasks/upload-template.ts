import type { Locale } from '../../schema/states';
import { writeXlsx } from '../gateways/spreadsheets';
import { CSV_TYPE, TEXT_TYPE, XLSX_TYPE } from '../rules/content-types';

export interface TemplateFile {
  readonly fileName: string;
  readonly contentType: string;
  readonly body: ReadableStream | Uint8Array;
}

/** A title row and two rows to write over: real-looking numbers of two countries, and one variable. */
const ROWS: Readonly<Record<Locale, readonly (readonly string[])[]>> = {
  'zh-CN': [
    ['手机号码', '姓名'],
    ['8613800138000', '王小明'],
    ['85291234567', '陈大文'],
  ],
  en: [
    ['number', 'name'],
    ['8613800138000', 'Wang Xiaoming'],
    ['447400123456', 'Alex Smith'],
  ],
};
const FILE_NAME: Readonly<Record<Locale, string>> = { 'zh-CN': '号码模板', en: 'numbers' };

/** A file to fill in. csv begins with a BOM, or Excel would not read its Chinese. */
export async function uploadTemplate(format: 'csv' | 'txt' | 'xlsx', locale: Locale): Promise<TemplateFile> {
  const rows = ROWS[locale];
  const fileName = `${FILE_NAME[locale]}.${format}`;
  if (format === 'xlsx') {
    return {
      fileName,
      contentType: XLSX_TYPE,
      body: writeXlsx({ sheetName: FILE_NAME[locale], columns: rows[0] ?? [], rows: rows.slice(1) }),
    };
  }
  const separator = format === 'csv' ? ',' : '\t';
  const text = rows.map((row) => `${row.join(separator)}\r\n`).join('');
  return {
    fileName,
    contentType: format === 'csv' ? CSV_TYPE : TEXT_TYPE,
    body: new TextEncoder().encode(`\ufeff${text}`),
  };
}
