/** Spreadsheets in and out. */
export { readXlsx } from './spreadsheets/read-xlsx';
export { writeXlsx } from './spreadsheets/write-xlsx';
