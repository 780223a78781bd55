/** D1: queue messages that were given up. */
import { desc, eq, lt, sql } from 'drizzle-orm';
import type { ShardNumber } from '../../../schema/ids';
import type { TrafficKind } from '../../../schema/states';
import { deadLetters, shards } from '../../../schema/tables';
import type { Database } from '../database';

export async function addDeadLetters(database: Database, bodies: readonly string[], at: number): Promise<void> {
  await database.run(sql`INSERT INTO ${deadLetters} (body, at) SELECT value, ${at} FROM json_each(${JSON.stringify(bodies)})`);
}

/** Newest first. */
export const deadLetterPage = (database: Database, before: number | null, limit: number): Promise<(typeof deadLetters.$inferSelect)[]> =>
  database
    .select()
    .from(deadLetters)
    .where(before === null ? undefined : lt(deadLetters.id, before))
    .orderBy(desc(deadLetters.id))
    .limit(limit);

export async function findDeadLetter(database: Database, id: number): Promise<typeof deadLetters.$inferSelect | null> {
  return (await database.select().from(deadLetters).where(eq(deadLetters.id, id)).get()) ?? null;
}

export async function dropDeadLetterRow(database: Database, id: number): Promise<boolean> {
  return (await database.delete(deadLetters).where(eq(deadLetters.id, id)).returning({ id: deadLetters.id })).length > 0;
}

/** Which of the two sending queues a shard's chunks go through; null for a shard that does not exist. */
export async function trafficOf(database: Database, shard: ShardNumber): Promise<TrafficKind | null> {
  return (await database.select({ kind: shards.kind }).from(shards).where(eq(shards.n, shard)).get())?.kind ?? null;
}
