/** csv between our own steps: quoted where it must be, values otherwise untouched. (What people download is neutralised, see rules/csv.) */

const NEEDS_QUOTES = /[",\r\n]/;
const field = (value: string): string => (NEEDS_QUOTES.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

export const rawCsvLine = (fields: readonly string[]): string => `${fields.map(field).join(',')}\n`;
