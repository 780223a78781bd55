/**
 * Rows that became final, until their customer is told: written in the transaction that made them final, so that no crash in between
 * loses one. Nothing is written where nobody listens.
 */
import { messageStateCode, TOLD_MESSAGE_STATES, type MessageState } from '../../schema/states';
import { rawRows, run } from '../kit/storage';
import type { ShardState } from './shard-state';

export interface Announcement {
  readonly n: number;
  readonly row: number;
  /** Index in MESSAGE_STATES. */
  readonly state: number;
}

const isTold = (state: MessageState): boolean => TOLD_MESSAGE_STATES.some((told) => told === state);

/** API messages may name a callback of their own; then they are told there, whoever else listens. */
const OWN_CALLBACK = "messages.content ->> 'callback' IS NOT NULL";

export class Announcements {
  readonly #sql: SqlStorage;
  /** Whether rows of this shard are announced wherever they do not name a callback of their own: set before each change. */
  isHeard = true;
  /** At least one waits. */
  isOwed: boolean;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.isOwed = rawRows(sql, 'SELECT 1 FROM announcements LIMIT 1').length > 0;
  }

  note(state: ShardState, changed: readonly (readonly [row: number, state: MessageState])[]): void {
    const told = changed.filter(([, to]) => isTold(to));
    if (told.length === 0) return;
    const list = JSON.stringify(told.map(([row, to]) => [row, messageStateCode(to)]));
    if (this.isHeard) this.#add('INSERT INTO announcements (row, state) SELECT value ->> 0, value ->> 1 FROM json_each(?)', list);
    else if (state.settings?.origin === 'api') {
      this.#add(
        `INSERT INTO announcements (row, state) SELECT c.value ->> 0, c.value ->> 1
         FROM json_each(?) AS c CROSS JOIN messages ON messages.row = c.value ->> 0 WHERE ${OWN_CALLBACK}`,
        list,
      );
    }
  }

  /** All rows that a condition finds, before it is changed. */
  noteAll(state: ShardState, to: MessageState, where: string, bindings: readonly (string | number)[]): void {
    if (!isTold(to)) return;
    const own = state.settings?.origin === 'api' ? ` AND ${OWN_CALLBACK}` : ' AND false';
    this.#add(
      `INSERT INTO announcements (row, state) SELECT row, ? FROM messages WHERE ${where}${this.isHeard ? '' : own}`,
      messageStateCode(to),
      ...bindings,
    );
  }

  next(limit: number): Announcement[] {
    const found = rawRows(this.#sql, 'SELECT n, row, state FROM announcements ORDER BY n LIMIT ?', limit) as [number, number, number][];
    if (found.length === 0) this.isOwed = false;
    return found.map(([n, row, state]) => ({ n, row, state }));
  }

  /** Told up to this one. */
  remove(upTo: number): void {
    run(this.#sql, 'DELETE FROM announcements WHERE n <= ?', upTo);
  }

  #add(query: string, ...bindings: (string | number)[]): void {
    if (run(this.#sql, query, ...bindings) > 0) this.isOwed = true;
  }
}
