/** Lists in statements, as long as the data makes them: drizzle's `inArray` binds each value, and D1 takes 100 parameters a statement. */
import { sql, type AnyColumn, type SQL } from 'drizzle-orm';

/** The values as rows of one column; binds one parameter. */
export const listed = (values: readonly unknown[]): SQL => sql`(SELECT value FROM json_each(${JSON.stringify(values)}))`;

export const isListed = (column: AnyColumn | SQL, values: readonly unknown[]): SQL => sql`${column} IN ${listed(values)}`;
