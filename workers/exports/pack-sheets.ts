/**
 * xlsx, written from front to end in pieces that can be left off and gone on with: a sheet's data is a chain of deflate blocks, each flushed to a
 * whole byte, so what one step has packed and what the next one packs simply stand behind each other; the checksum goes on from its value. (exceljs's
 * writer holds its zip stream in memory and can't be resumed; beside it this one also takes a fraction of the time, see docs/decisions.)
 */
import { constants, crc32, deflateRawSync } from 'node:zlib';
import { XLSX_MAX_ROWS } from '../../schema/limits';
import type { BookState, SheetState } from '../rules/export-checkpoint';
import { giveBack } from '../rules/given-back';
import { SheetCells, TITLE_STYLE } from '../rules/sheet-cells';
import { bookParts, sheetEnd, sheetPart, sheetStart, titleRow, type SheetColumn } from '../rules/xlsx-book';
import { dataDescriptor, joinBytes, localHeader, zipDirectory, type ZipEntry } from '../rules/zip-records';
import { MEMBER_BYTES, type PackedState, type RowPacker } from './row-packer';

/** An entry without zip64 sizes must stay below 4 GiB; long texts end a sheet before its rows do. */
const SHEET_BYTES_MAX = 3 * 1024 ** 3;
/** An empty last block: ends a chain of flushed ones (RFC 1951, 3.2.6). */
const LAST_BLOCK = Uint8Array.of(0x03, 0x00);
const CHUNK_BYTES = 256 * 1024;
type OpenSheet = { -readonly [Field in keyof SheetState]: SheetState[Field] };
const EMPTY: BookState = { sheets: [], open: null, bytes: 0 };

export class SheetPacker implements RowPacker {
  readonly #name: string;
  readonly #columns: readonly SheetColumn[];
  readonly #sheetRows: number;
  readonly #cells: SheetCells;
  readonly #sheets: SheetState[];
  #open: OpenSheet | null;
  /** Of the file, those in `#pieces` included. */
  #bytes: number;
  #pieces: Uint8Array[] = [];

  /** @param name of the sheets @param sheetRows rows of a sheet, its titles included */
  constructor(name: string, columns: readonly SheetColumn[], state: BookState | null, sheetRows: number = XLSX_MAX_ROWS) {
    this.#name = name;
    this.#columns = columns;
    this.#sheetRows = sheetRows;
    this.#cells = new SheetCells(
      columns.map(({ cells }) => cells),
      MEMBER_BYTES + MEMBER_BYTES / 8,
    );
    const { sheets, open, bytes } = state ?? EMPTY;
    this.#sheets = [...sheets];
    this.#open = open && { ...open };
    this.#bytes = bytes;
  }

  get isFull(): boolean {
    return this.#pieces.length > 0;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get state(): PackedState {
    return {
      bytes: this.#bytes,
      members: [],
      book: { sheets: [...this.#sheets], open: this.#open && { ...this.#open }, bytes: this.#bytes },
    };
  }

  add(lines: Uint8Array): void {
    for (let at = 0; at < lines.length;) {
      let open = this.#open ?? this.#openSheet();
      if (open.rows >= this.#sheetRows || open.plain > SHEET_BYTES_MAX) {
        this.#closeSheet();
        open = this.#openSheet();
      }
      open.rows += 1;
      at = this.#cells.line(lines, at, open.rows);
      if (this.#cells.length >= MEMBER_BYTES) this.#pack(open);
    }
  }

  take(): Uint8Array {
    if (this.#open) this.#pack(this.#open);
    const taken = joinBytes(this.#pieces);
    this.#pieces.forEach(giveBack);
    this.#pieces = [];
    return taken;
  }

  end(): Uint8Array {
    if (!this.#open) this.#openSheet();
    this.#closeSheet();
    const entries: ZipEntry[] = this.#sheets.map((sheet, index) => ({ ...sheet, name: sheetPart(index + 1) }));
    for (const { name, xml } of bookParts(this.#name, this.#sheets.length)) {
      const plain = new TextEncoder().encode(xml);
      const data = deflateRawSync(plain);
      const entry = { name, offset: this.#bytes, crc: crc32(plain), packed: data.length, plain: plain.length };
      entries.push(entry);
      this.#push(localHeader(name), data, dataDescriptor(entry));
    }
    this.#push(zipDirectory(entries, this.#bytes));
    return this.take();
  }

  #openSheet(): OpenSheet {
    const open = { offset: this.#bytes, crc: 0, packed: 0, plain: 0, rows: 1 };
    this.#open = open;
    this.#push(localHeader(sheetPart(this.#sheets.length + 1)));
    this.#cells.raw(sheetStart(this.#columns) + titleRow(this.#columns, TITLE_STYLE));
    return open;
  }

  #closeSheet(): void {
    const open = this.#open;
    if (!open) return;
    this.#cells.raw(sheetEnd(this.#columns, open.rows));
    this.#pack(open);
    open.packed += LAST_BLOCK.length;
    this.#push(LAST_BLOCK, dataDescriptor(open));
    this.#sheets.push({ ...open });
    this.#open = null;
  }

  /** The rows so far as a chain of blocks that ends at a whole byte. */
  #pack(open: OpenSheet): void {
    const plain = this.#cells.take();
    if (plain.length === 0) return;
    const packed = deflateRawSync(plain, { level: 1, finishFlush: constants.Z_SYNC_FLUSH, chunkSize: CHUNK_BYTES });
    open.crc = crc32(plain, open.crc);
    open.plain += plain.length;
    open.packed += packed.length;
    this.#push(packed);
  }

  #push(...pieces: readonly Uint8Array[]): void {
    for (const piece of pieces) {
      this.#pieces.push(piece);
      this.#bytes += piece.length;
    }
  }
}
