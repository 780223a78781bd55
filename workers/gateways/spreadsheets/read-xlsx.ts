/** The rows of a book's first sheet, as a stream. Formulas are not run: what Excel last showed is what counts. */
import { AppError } from '../../../schema/errors';
import { COLUMNS_MAX, XLSX_MAX_ROWS } from '../../../schema/limits';
import type { Files } from '../files';
import { columnOf, dateText, numberText } from './cell-values';
import { readSharedStrings, unescapeCharacters } from './shared-strings';
import type { StringStore } from './string-store';
import { readWorkbook, type Workbook } from './workbook';
import { readXml, type Attributes, type XmlEvents } from './xml-events';
import { openZip } from './zip-file';

interface XlsxListener {
  /** How many bytes will be unpacked, as the file declares it. */
  opened(bytes: number): void;
  /** So many more were unpacked; throws when they are too many. */
  passed(bytes: number): void;
  /** Rows in order; those that the sheet leaves out come as empty ones, so that numbers of rows stay those of the sheet. */
  rows(rows: readonly (readonly string[])[]): Promise<void>;
}

/** @throws AppError file_not_xlsx, file_too_many_rows, file_unpacks_too_large, and whatever the listener throws */
export async function readXlsx(files: Pick<Files, 'read' | 'stream'>, key: string, size: number, listener: XlsxListener): Promise<void> {
  const zip = await openZip(files, key, size);
  const book = await readWorkbook(zip);
  listener.opened(zip.declaredSize(book.sheet) + zip.declaredSize(book.sharedStrings ?? ''));
  const strings = await readSharedStrings(zip, book.sharedStrings, (bytes) => listener.passed(bytes));
  const sheet = new SheetRows(book, strings);
  const xml = readXml(sheet);
  await zip.each(book.sheet, async (bytes) => {
    listener.passed(bytes.length);
    xml.write(bytes);
    await listener.rows(sheet.taken());
  });
  xml.end();
  await listener.rows(sheet.taken());
}

class SheetRows implements XmlEvents {
  readonly #book: Workbook;
  readonly #strings: StringStore;
  #rows: string[][] = [];
  #row: string[] = [];
  /** Number of the last row, from 1. */
  #rowNumber = 0;
  #column = -1;
  #type = '';
  #style = 0;
  #value = '';
  #inValue = false;
  #inPhonetic = false;

  constructor(book: Workbook, strings: StringStore) {
    this.#book = book;
    this.#strings = strings;
  }

  /** The rows that are complete; they are the caller's now. */
  taken(): string[][] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  open(tag: string, attributes: Attributes): void {
    if (tag === 'c') {
      const column = columnOf(attributes['r']);
      this.#column = column < 0 ? this.#column + 1 : column;
      this.#type = attributes['t'] ?? 'n';
      this.#style = Number(attributes['s'] ?? 0);
      this.#value = '';
    } else if (tag === 'v' || tag === 't') this.#inValue = !this.#inPhonetic;
    else if (tag === 'rPh') this.#inPhonetic = true;
    else if (tag === 'row') this.#openRow(Number(attributes['r'] ?? 0));
  }

  text(text: string): void {
    if (this.#inValue) this.#value += text;
  }

  close(tag: string): void {
    if (tag === 'v' || tag === 't') this.#inValue = false;
    else if (tag === 'rPh') this.#inPhonetic = false;
    else if (tag === 'c') this.#closeCell();
    else if (tag === 'row') this.#rows.push(this.#row);
  }

  #openRow(named: number): void {
    const number = named > this.#rowNumber ? named : this.#rowNumber + 1;
    if (number > XLSX_MAX_ROWS) throw new AppError('file_too_many_rows', { details: { max: XLSX_MAX_ROWS } });
    for (let left = this.#rowNumber + 1; left < number; left++) this.#rows.push([]);
    this.#rowNumber = number;
    this.#row = [];
    this.#column = -1;
  }

  #closeCell(): void {
    const text = this.#cellText();
    if (text === '' || this.#column >= COLUMNS_MAX) return;
    while (this.#row.length < this.#column) this.#row.push('');
    this.#row[this.#column] = text;
  }

  #cellText(): string {
    const value = this.#value;
    switch (this.#type) {
      case 's':
        return value === '' ? '' : this.#strings.get(Number(value));
      case 'str':
      case 'inlineStr':
        return unescapeCharacters(value);
      case 'b':
        return value === '1' ? 'TRUE' : 'FALSE';
      // #N/A and its like are nothing that anybody wants to send.
      case 'e':
        return '';
      case 'd':
        return value.replace('T', ' ');
      default:
        return (this.#book.dateStyles[this.#style] ? dateText(value, this.#book.from1904) : null) ?? numberText(value);
    }
  }
}
