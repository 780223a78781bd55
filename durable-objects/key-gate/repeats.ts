/** Idempotency: what was answered to a request, so that its repeat gets the same. */
import type { BlockReason } from '../../schema/errors';
import { IDEMPOTENCY_LIFETIME_MS, IDEMPOTENCY_RUNNING_MS } from '../../schema/limits';
import type { KeyRequest } from '../../schema/protocol/objects';
import { rows, run } from '../kit/storage';

type Repeat = NonNullable<KeyRequest['repeat']>;

interface Stored extends Record<string, SqlStorageValue> {
  fingerprint: string;
  first_at: number;
  running_at: number;
  blocked: string;
  ticket: string | null;
  answer: string | null;
}

export type FoundRepeat =
  | { readonly kind: 'new' }
  | { readonly kind: 'replayed'; readonly answer: string }
  | { readonly kind: 'in_progress' | 'other_request' }
  /** The first run died. */
  | { readonly kind: 'taken_over'; readonly at: number; readonly blocked: readonly (BlockReason | null)[]; readonly ticket: string | null };

export function findRepeat(sql: SqlStorage, { key, fingerprint }: Repeat, now: number): FoundRepeat {
  const [found] = rows<Stored>(sql, 'SELECT * FROM repeats WHERE key = ? AND first_at > ?', key, now - IDEMPOTENCY_LIFETIME_MS);
  if (!found) return { kind: 'new' };
  if (found.fingerprint !== fingerprint) return { kind: 'other_request' };
  if (found.answer !== null) return { kind: 'replayed', answer: found.answer };
  if (found.running_at > now - IDEMPOTENCY_RUNNING_MS) return { kind: 'in_progress' };
  const { first_at: at, blocked, ticket } = found;
  return { kind: 'taken_over', at, blocked: JSON.parse(blocked) as (BlockReason | null)[], ticket };
}

export function abandonRepeat(sql: SqlStorage, key: string): void {
  run(sql, 'UPDATE repeats SET running_at = 0 WHERE key = ? AND answer IS NULL', key);
}

export function takeOver(sql: SqlStorage, key: string, now: number): void {
  run(sql, 'UPDATE repeats SET running_at = ? WHERE key = ?', now, key);
}

export function beginRepeat(
  sql: SqlStorage,
  { key, fingerprint }: Repeat,
  now: number,
  blocked: readonly (BlockReason | null)[],
  ticket: string,
): void {
  run(sql, 'INSERT OR REPLACE INTO repeats VALUES (?, ?, ?, ?, ?, ?, NULL)', key, fingerprint, now, now, JSON.stringify(blocked), ticket);
}

export function rememberAnswer(sql: SqlStorage, key: string, answer: string): void {
  run(sql, 'UPDATE repeats SET answer = ?, ticket = NULL WHERE key = ?', answer, key);
}

export function forgetRepeat(sql: SqlStorage, key: string): void {
  run(sql, 'DELETE FROM repeats WHERE key = ? AND answer IS NULL', key);
}

export function forgetOldRepeats(sql: SqlStorage, now: number): void {
  run(sql, 'DELETE FROM repeats WHERE first_at <= ?', now - IDEMPOTENCY_LIFETIME_MS);
}
