/** D1: what stands after a place in a list that is ordered by time and then id: newest first, or oldest first. */
import { sql, type SQL } from 'drizzle-orm';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import type { ListPlace } from '../../rules/list-place';

export const olderThan = (at: SQLiteColumn, id: SQLiteColumn, place: ListPlace | null): SQL | undefined =>
  place === null ? undefined : sql`(${at}, ${id}) < (${place.at}, ${place.id})`;

export const newerThan = (at: SQLiteColumn, id: SQLiteColumn, place: ListPlace | null): SQL | undefined =>
  place === null ? undefined : sql`(${at}, ${id}) > (${place.at}, ${place.id})`;
