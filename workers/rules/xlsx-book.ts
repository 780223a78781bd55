/** The XML of a workbook around its rows (ECMA-376 part 1, 12.2 and 18): few styles, no shared strings, the first row frozen. */
import { columnName, type CellKind } from './sheet-cells';

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** Excel's limit for a sheet's name, and what it may not hold. */
const SHEET_NAME_MAX = 31;
const NOT_IN_NAMES = /[[\]:*?/\\]/g;

export interface SheetColumn {
  readonly title: string;
  readonly cells: CellKind;
  /** In characters of the default font. */
  readonly width: number;
}

const XML_ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escapeXml = (text: string): string => text.replace(/[&<>"]/g, (character) => XML_ESCAPES[character] ?? '');

/** Name of a part in the archive. @param number from 1 */
export const sheetPart = (number: number): string => `xl/worksheets/sheet${number}.xml`;

/** @param number from 1; further sheets are called `name 2`, `name 3` … */
export function sheetName(name: string, number: number): string {
  const suffix = number === 1 ? '' : ` ${number}`;
  return name.replace(NOT_IN_NAMES, ' ').slice(0, SHEET_NAME_MAX - suffix.length) + suffix;
}

/** Everything before the first row. The size of the sheet is not known yet and not needed. */
export function sheetStart(columns: readonly SheetColumn[]): string {
  const widths = columns.map(({ width }, column) => `<col min="${column + 1}" max="${column + 1}" width="${width}" customWidth="1"/>`);
  return (
    `${HEAD}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0">` +
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>' +
    `<sheetFormatPr defaultRowHeight="15"/><cols>${widths.join('')}</cols><sheetData>`
  );
}

/** The first row. */
export function titleRow(columns: readonly SheetColumn[], style: number): string {
  const cells = columns.map(
    ({ title }, column) => `<c r="${columnName(column)}1" t="inlineStr" s="${style}"><is><t>${escapeXml(title)}</t></is></c>`,
  );
  return `<row r="1">${cells.join('')}</row>`;
}

/** Everything behind the last row; no green corners at digits that are meant as text. @param rows titles included */
export const sheetEnd = (columns: readonly SheetColumn[], rows: number): string =>
  `</sheetData><ignoredErrors><ignoredError sqref="A1:${columnName(Math.max(0, columns.length - 1))}${rows}" numberStoredAsText="1"/></ignoredErrors></worksheet>`;

/** The small parts around `sheets` sheets. */
export function bookParts(name: string, sheets: number): readonly { readonly name: string; readonly xml: string }[] {
  const numbers = Array.from({ length: sheets }, (_, index) => index + 1);
  const each = (text: (number: number) => string): string => numbers.map(text).join('');
  return [
    {
      name: '[Content_Types].xml',
      xml:
        `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
        `<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/>` +
        `<Override PartName="/xl/styles.xml" ContentType="${TYPE}.styles+xml"/>` +
        `${each((number) => `<Override PartName="/${sheetPart(number)}" ContentType="${TYPE}.worksheet+xml"/>`)}</Types>`,
    },
    {
      name: '_rels/.rels',
      xml: `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    },
    {
      name: 'xl/workbook.xml',
      xml:
        `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><bookViews><workbookView/></bookViews><sheets>` +
        `${each((number) => `<sheet name="${escapeXml(sheetName(name, number))}" sheetId="${number}" r:id="rId${number}"/>`)}</sheets></workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      xml:
        `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">` +
        each((number) => `<Relationship Id="rId${number}" Type="${RELATIONS}/worksheet" Target="worksheets/sheet${number}.xml"/>`) +
        `<Relationship Id="rId${sheets + 1}" Type="${RELATIONS}/styles" Target="styles.xml"/></Relationships>`,
    },
    {
      // Styles 0 as it comes, TEXT_STYLE (format `@`), TITLE_STYLE (bold).
      name: 'xl/styles.xml',
      xml:
        `${HEAD}<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
        '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>' +
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
        '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>' +
        '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>' +
        '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>' +
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
    },
  ];
}
