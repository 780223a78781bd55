/**
 * Writes an xlsx while it is read: exceljs's streaming writer, without shared strings and styles, both of which it keeps in memory.
 * (Its node build; see the alias in wrangler.toml: the browser build has no streams and hangs under workerd.)
 */
import { once } from 'node:events';
import { Writable } from 'node:stream';
import ExcelJS from 'exceljs';
import { XLSX_MAX_ROWS } from '../../../schema/limits';
import { neutralise } from '../../rules/formulas';

type Cell = string | number | null;

interface Sheet {
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
  // The reader sees a failure where it reads; nobody looks at this promise.
  out.closed.catch(() => undefined);
  fill(sheet, sheetRows, out).catch((thrown: unknown) => out.abort(thrown).catch(() => undefined));
  return readable;
}

async function fill({ sheetName, columns, rows }: Sheet, sheetRows: number, out: WritableStreamDefaultWriter<Uint8Array>): Promise<void> {
  const sink = new Writable({
    write: (chunk: Uint8Array, _encoding, taken) => void passOn(out, chunk).then(taken),
  });
  // Fails as soon as the reader goes away, wherever we are waiting then.
  const finished = once(sink, 'finish');
  finished.catch(() => undefined);
  const book = new ExcelJS.stream.xlsx.WorkbookWriter({
    stream: sink,
    useSharedStrings: false,
    useStyles: false,
    zip: { zlib: { level: 1 } },
  });
  let sheets = 0;
  let used = 0;
  const open = (): ExcelJS.Worksheet => {
    sheets++;
    const suffix = sheets === 1 ? '' : ` ${sheets}`;
    const opened = book.addWorksheet(sheetName.slice(0, SHEET_NAME_MAX - suffix.length) + suffix);
    opened.addRow([...columns]).commit();
    used = 1;
    return opened;
  };
  let page = open();
  for await (const row of rows) {
    if (used === sheetRows) {
      page.commit();
      page = open();
    }
    page.addRow(row.map((cell) => (typeof cell === 'string' ? neutralise(cell) : cell))).commit();
    used++;
    if (used % ROWS_PER_TURN === 0) await Promise.race([archived(page), finished]);
  }
  page.commit();
  await Promise.race([book.commit(), finished]);
  await finished;
  await out.close();
}

/** @returns what went wrong, as node's streams want it */
const passOn = (out: WritableStreamDefaultWriter<Uint8Array>, chunk: Uint8Array): Promise<Error | null> =>
  out.write(new Uint8Array(chunk)).then(
    () => null,
    (thrown: unknown) => (thrown instanceof Error ? thrown : new Error('the reader went away')),
  );

/** Waits until the archive has taken what the sheet wrote. */
async function archived(page: ExcelJS.Worksheet): Promise<void> {
  const { stream } = page as unknown as { stream: { pipes: Writable[] } };
  const [pipe] = stream.pipes;
  // A turn of the loop in any case: the deflate answers between two of them.
  await new Promise((done) => setTimeout(done, 0));
  if (pipe && pipe.writableLength >= pipe.writableHighWaterMark) await once(pipe, 'drain');
}
