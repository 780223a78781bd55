/** Columns of files that users fetch: their titles in both languages and what their cells hold. */
import type { Locale } from '../../schema/states';
import { csvLine } from './csv';
import type { CellKind } from './sheet-cells';
import type { SheetColumn } from './xlsx-book';

export type FileColumn = Readonly<Record<Locale, string>> & {
  /** Texts, when it does not say. */
  readonly cells?: CellKind;
};

const BOM = '\ufeff';
/** Characters of a sheet's column: enough for a time or a number; titles and texts that are longer are read by widening it. */
const WIDTH = 20;
const NUMBER_WIDTH = 12;

/** The first line of a csv. @param bom for Excel, which reads a file without it in the code page of the machine */
export const titleLine = (columns: readonly FileColumn[], locale: Locale, bom: boolean): Uint8Array =>
  new TextEncoder().encode((bom ? BOM : '') + csvLine(columns.map((column) => column[locale])));

export const sheetColumns = (columns: readonly FileColumn[], locale: Locale): readonly SheetColumn[] =>
  columns.map((column) => {
    const cells = column.cells ?? 'text';
    return { title: column[locale], cells, width: cells === 'number' ? NUMBER_WIDTH : WIDTH };
  });
