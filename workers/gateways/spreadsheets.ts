/** Spreadsheets in and out. */
export { readXlsx, type XlsxListener } from './spreadsheets/read-xlsx';
export { writeXlsx, type Cell, type Sheet } from './spreadsheets/write-xlsx';
