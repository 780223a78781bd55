/** Which part of the archive is the first sheet, and what its cells refer to. */
import { AppError } from '../../../schema/errors';
import { isDateFormat } from './cell-values';
import { prefixed, readXmlText } from './xml-events';
import type { ZipFile } from './zip-file';

export interface Workbook {
  /** Names in the archive. */
  readonly sheet: string;
  readonly sharedStrings: string | null;
  /** Whether the cells of a style show dates, by the number of the style. */
  readonly dateStyles: readonly boolean[];
  readonly from1904: boolean;
}

/** Parts that describe the book are kilobytes; styles may be some megabytes in a book that has been pasted into for years. */
const PART_MAX_BYTES = 16 * 1024 * 1024;
const BOOK = 'xl/workbook.xml';

/** @throws AppError file_not_xlsx */
export async function readWorkbook(zip: ZipFile): Promise<Workbook> {
  const main = (await officeDocument(zip)) ?? BOOK;
  const book = await zip.text(main, PART_MAX_BYTES);
  if (book === null) throw new AppError('file_not_xlsx');
  let firstSheet: string | null = null;
  let from1904 = false;
  readXmlText(book, {
    open(tag, attributes) {
      if (tag === 'sheet') firstSheet ??= prefixed(attributes, 'id') ?? null;
      if (tag === 'workbookPr') from1904 = ['1', 'true'].includes(attributes['date1904'] ?? '');
    },
  });
  const parts = await relations(zip, main);
  const sheet = parts.find(({ id, type }) => (firstSheet === null ? type === 'worksheet' : id === firstSheet));
  if (!sheet || !zip.has(sheet.target)) throw new AppError('file_not_xlsx');
  const target = (type: string): string | null => parts.find((part) => part.type === type)?.target ?? null;
  return { sheet: sheet.target, sharedStrings: target('sharedStrings'), dateStyles: await dateStyles(zip, target('styles')), from1904 };
}

interface Relation {
  readonly id: string;
  /** Last word of the type's URI. */
  readonly type: string;
  readonly target: string;
}

/** Only parts inside the archive: a target elsewhere is never followed. */
async function relations(zip: ZipFile, part: string): Promise<Relation[]> {
  const folder = part.slice(0, part.lastIndexOf('/') + 1);
  const text = await zip.text(`${folder}_rels/${part.slice(folder.length)}.rels`, PART_MAX_BYTES);
  const found: Relation[] = [];
  if (text === null) return found;
  readXmlText(text, {
    open(tag, attributes) {
      if (tag !== 'Relationship' || attributes['TargetMode'] === 'External') return;
      const target = attributes['Target'] ?? '';
      const type = (attributes['Type'] ?? '').split('/').at(-1) ?? '';
      found.push({ id: attributes['Id'] ?? '', type, target: target.startsWith('/') ? target.slice(1) : `${folder}${target}` });
    },
  });
  return found;
}

async function officeDocument(zip: ZipFile): Promise<string | null> {
  const all = await relations(zip, '');
  return all.find(({ type }) => type === 'officeDocument')?.target ?? null;
}

async function dateStyles(zip: ZipFile, part: string | null): Promise<boolean[]> {
  const text = part === null ? null : await zip.text(part, PART_MAX_BYTES);
  const styles: boolean[] = [];
  if (text === null) return styles;
  const codes = new Map<number, string>();
  let inCells = false;
  readXmlText(text, {
    open(tag, attributes) {
      const id = Number(attributes['numFmtId'] ?? 0);
      if (tag === 'numFmt') codes.set(id, attributes['formatCode'] ?? '');
      else if (tag === 'cellXfs') inCells = true;
      else if (tag === 'xf' && inCells) styles.push(isDateFormat(id, codes.get(id)));
    },
    close(tag) {
      if (tag === 'cellXfs') inCells = false;
    },
  });
  return styles;
}
