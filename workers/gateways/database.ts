/** D1 through drizzle, with its billed rows counted. */
import { drizzle, type DrizzleD1Database } from 'drizzle-orm/d1';
import type { Env } from '../../schema/env';
import { count } from './meter';

export type Database = DrizzleD1Database;

function countMeta(result: unknown): void {
  const meta = (result as { meta?: { rows_read?: number; rows_written?: number } } | null)?.meta;
  if (!meta) return;
  count('databaseRowsRead', meta.rows_read ?? 0);
  count('databaseRowsWritten', meta.rows_written ?? 0);
}

/** Wraps a prepared statement so that each run adds its rows to the meter. */
function countedStatement(statement: D1PreparedStatement): D1PreparedStatement {
  return new Proxy(statement, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => {
        const result: unknown = Reflect.apply(value, target, args);
        if (property === 'bind') return countedStatement(result as D1PreparedStatement);
        if (result instanceof Promise) return result.then((done: unknown) => (countMeta(done), done));
        return result;
      };
    },
  });
}

function countedBinding(binding: D1Database): D1Database {
  return new Proxy(binding, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property);
      if (typeof value !== 'function') return value;
      if (property === 'prepare') return (query: string) => countedStatement(target.prepare(query));
      return value.bind(target);
    },
  });
}

/** Without drizzle's relational layer: it works the whole schema out anew for every instance, and nothing here asks for it. */
export const openDatabase = (env: Env): Database => drizzle(env.ENVIRONMENT === 'local' ? countedBinding(env.DB) : env.DB);
