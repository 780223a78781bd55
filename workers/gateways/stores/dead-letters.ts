/** D1: queue messages that were given up. */
import { sql } from 'drizzle-orm';
import { deadLetters } from '../../../schema/tables';
import type { Database } from '../database';

export async function addDeadLetters(database: Database, bodies: readonly string[], at: number): Promise<void> {
  await database.run(sql`INSERT INTO ${deadLetters} (body, at) SELECT value, ${at} FROM json_each(${JSON.stringify(bodies)})`);
}
