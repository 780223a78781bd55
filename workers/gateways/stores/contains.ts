/** D1: text within a column, whatever its case. `instr` and not LIKE: what is sought is text, not a pattern, and D1 takes no pattern of more than 50 bytes. */
import { sql, type SQL } from 'drizzle-orm';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';

export const contains = (column: SQLiteColumn, text: string): SQL => sql`instr(lower(${column}), lower(${text})) > 0`;
