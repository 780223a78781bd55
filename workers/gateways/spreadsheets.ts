/** Spreadsheets in and out. */
export { writeXlsx, type Sheet } from './spreadsheets/write-xlsx';
