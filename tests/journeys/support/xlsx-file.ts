/** A workbook of one sheet, its XML made as a stream: a spreadsheet library would hold every cell of a million rows. */
import { TextReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';

const CONTENT_TYPES = `<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`;
const PACKAGE_RELATIONS = `<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`;
const WORKBOOK = `<?xml version="1.0" encoding="UTF-8"?>
<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`;
const WORKBOOK_RELATIONS = `<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`;
const SHEET_START = `<?xml version="1.0" encoding="UTF-8"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`;
const SHEET_END = '</sheetData></worksheet>';

const BLOCK_CHARACTERS = 1 << 18;

export const textCell = (reference: string, value: string): string =>
  `<c r="${reference}" t="inlineStr"><is><t>${value.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</t></is></c>`;
export const numberCell = (reference: string, value: string): string => `<c r="${reference}"><v>${value}</v></c>`;
/** A formula with the value that it had when the file was saved. */
export const formulaCell = (reference: string, formula: string, value: string): string =>
  `<c r="${reference}" t="str"><f>${formula.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</f><v>${value}</v></c>`;

function inBlocks(rows: Iterable<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const iterator = rows[Symbol.iterator]();
  let block = SHEET_START;
  return new ReadableStream({
    pull(controller) {
      while (block.length < BLOCK_CHARACTERS) {
        const next = iterator.next();
        if (next.done) {
          controller.enqueue(encoder.encode(block + SHEET_END));
          controller.close();
          return;
        }
        block += next.value;
      }
      controller.enqueue(encoder.encode(block));
      block = '';
    },
  });
}

/**
 * @param rows the inside of `sheetData`, row by row
 * @param level of compression: 1 is fast, 9 is tight
 */
export async function xlsxFile(rows: Iterable<string>, level: 1 | 9 = 1): Promise<Uint8Array> {
  const zip = new ZipWriter(new Uint8ArrayWriter(), { zip64: false, useWebWorkers: false, level });
  await zip.add('[Content_Types].xml', new TextReader(CONTENT_TYPES));
  await zip.add('_rels/.rels', new TextReader(PACKAGE_RELATIONS));
  await zip.add('xl/workbook.xml', new TextReader(WORKBOOK));
  await zip.add('xl/_rels/workbook.xml.rels', new TextReader(WORKBOOK_RELATIONS));
  await zip.add('xl/worksheets/sheet1.xml', { readable: inBlocks(rows) });
  return zip.close();
}
