/**
 * Writes an xlsx while it is read: exceljs's streaming writer, without shared strings and styles, both of which it keeps in memory.
 * (Its node build; see the alias in wrangler.toml: the browser build has no streams and hangs under workerd.)
 */
import { once } from 'node:events';
import { Writable } from 'node:stream';
import ExcelJS from 'exceljs';
import { XLSX_MAX_ROWS } from '../../../schema/limits';
import { neutralise } from '../../rules/formulas';

export type Cell = string | number | null;

export interface Sheet {
  /** Further sheets are called `name 2`, `name 3` … */
  readonly sheetName: string;
  /** Titles, repeated on every sheet. */
  readonly columns: readonly string[];
  readonly rows: Iterable<readonly Cell[]> | AsyncIterable<readonly Cell[]>;
}

/** The writer never waits for its reader by itself: so often we let the compressed bytes go out. */
const ROWS_PER_TURN = 1_000;
/** Excel's limit for a sheet's name. */
const SHEET_NAME_MAX = 31;

/**
 * Goes on in further sheets after `sheetRows` rows (titles included). Text that a spreadsheet might run is neutralised.
 * An error of `rows` breaks the stream off, so that the download fails instead of ending early and looking whole.
 */
export function writeXlsx(sheet: Sheet, sheetRows: number = XLSX_MAX_ROWS): ReadableStream<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const out = writable.getWriter();
  void fill(sheet, sheetRows, out).catch((thrown: unknown) => out.abort(thrown).catch(() => undefined));
  return readable;
}

async function fill(sheet: Sheet, sheetRows: number, out: WritableStreamDefaultWriter<Uint8Array>): Promise<void> {
  const sink = new Writable({
    write: (chunk: Uint8Array, _encoding, done) => {
      out.write(new Uint8Array(chunk)).then(() => done(), done);
    },
  });
  const closed = once(sink, 'finish');
  const book = new ExcelJS.stream.xlsx.WorkbookWriter({
    stream: sink,
    useSharedStrings: false,
    useStyles: false,
    zip: { zlib: { level: 1 } },
  });
  let sheets = 0;
  let page: ExcelJS.Worksheet | null = null;
  let used = 0;
  const open = (): ExcelJS.Worksheet => {
    sheets++;
    const suffix = sheets === 1 ? '' : ` ${sheets}`;
    const opened = book.addWorksheet(sheet.sheetName.slice(0, SHEET_NAME_MAX - suffix.length) + suffix);
    opened.addRow([...sheet.columns]).commit();
    used = 1;
    return opened;
  };
  for await (const row of sheet.rows) {
    if (page !== null && used === sheetRows) {
      page.commit();
      page = null;
    }
    page ??= open();
    page.addRow(row.map((cell) => (typeof cell === 'string' ? neutralise(cell) : cell))).commit();
    used++;
    if (used % ROWS_PER_TURN === 0) await drained(page);
  }
  (page ?? open()).commit();
  await Promise.race([book.commit(), once(sink, 'error').then(([thrown]) => Promise.reject(thrown as Error))]);
  await closed;
  await out.close();
}

/** Waits until the archive has taken what the sheet wrote. */
async function drained(page: ExcelJS.Worksheet): Promise<void> {
  const { stream } = page as unknown as { stream: { pipes: Writable[] } };
  const [pipe] = stream.pipes;
  if (pipe?.writableNeedDrain) await once(pipe, 'drain');
}
