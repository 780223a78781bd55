/**
 * Rows that became final, until their customer is told: written in the transaction that made them final, so that no crash in between
 * loses one. Nothing is written where nobody listens. What a lane had no room for is held for that lane alone.
 */
import type { EndpointId } from '../../schema/ids';
import { WEBHOOK_ENDPOINTS_KNOWN_MS } from '../../schema/limits';
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
const INSERT = 'INSERT INTO announcements (row, state) SELECT value ->> 0, value ->> 1 FROM json_each(?)';
/** In memory, of what perhaps nobody listens to; the oldest go when there are more. */
const UNHEARD_MAX = 20_000;

type Found = [n: number, row: number, state: number][];
const announcementsOf = (found: SqlStorageValue[][]): Announcement[] => (found as Found).map(([n, row, state]) => ({ n, row, state }));

export class Announcements {
  readonly #sql: SqlStorage;
  /** Whether rows of this shard are announced wherever they do not name a callback of their own: set before each change. */
  isHeard = true;
  /** At least one is new: nobody was told yet. */
  isOwed: boolean;
  /** At least one waits for room in a lane. */
  isHeld: boolean;
  /** Not noted, for nobody was known to listen; somebody may have begun to just then. */
  #unheard: [at: number, row: number, state: number][] = [];

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.isOwed = rawRows(sql, 'SELECT 1 FROM announcements LIMIT 1').length > 0;
    this.isHeld = rawRows(sql, 'SELECT 1 FROM held_announcements LIMIT 1').length > 0;
  }

  note(state: ShardState, changed: readonly (readonly [row: number, state: MessageState])[]): void {
    const told = changed.filter(([, to]) => isTold(to));
    if (told.length === 0) return;
    const list = told.map(([row, to]): [number, number] => [row, messageStateCode(to)]);
    if (this.isHeard) {
      this.#add(INSERT, JSON.stringify(list));
      return;
    }
    const now = Date.now();
    for (const [row, to] of list) this.#unheard.push([now, row, to]);
    if (this.#unheard.length > UNHEARD_MAX) this.#unheard.splice(0, this.#unheard.length - UNHEARD_MAX);
    if (state.settings?.origin === 'api') {
      this.#add(
        `INSERT INTO announcements (row, state) SELECT c.value ->> 0, c.value ->> 1
         FROM json_each(?) AS c CROSS JOIN messages ON messages.row = c.value ->> 0 WHERE ${OWN_CALLBACK}`,
        JSON.stringify(list),
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

  /** When it can be said of the oldest whether somebody listened, ms UTC: knowledge from before it is over then. null = there is none. */
  get unheardUntil(): number | null {
    const [oldest] = this.#unheard;
    return oldest ? oldest[0] + 2 * WEBHOOK_ENDPOINTS_KNOWN_MS : null;
  }

  /** Asked again after `unheardUntil`. @param isListened somebody listens now */
  decideUnheard(isListened: boolean, now: number): void {
    const certainAt = isListened ? now : now - WEBHOOK_ENDPOINTS_KNOWN_MS;
    const decided = this.#unheard.filter(([at]) => at <= certainAt);
    this.#unheard = this.#unheard.filter(([at]) => at > certainAt);
    if (isListened) this.#add(INSERT, JSON.stringify(decided.map(([, row, state]) => [row, state])));
  }

  next(limit: number): Announcement[] {
    const found = announcementsOf(rawRows(this.#sql, 'SELECT n, row, state FROM announcements ORDER BY n LIMIT ?', limit));
    if (found.length === 0) this.isOwed = false;
    return found;
  }

  /** Told, or held, up to this one. */
  remove(upTo: number): void {
    run(this.#sql, 'DELETE FROM announcements WHERE n <= ?', upTo);
  }

  hold(lane: EndpointId, announcements: readonly Announcement[], now: number): void {
    const list = JSON.stringify(announcements.map(({ row, state }) => [row, state]));
    const insert = 'INSERT INTO held_announcements (lane, row, state, at) SELECT ?, value ->> 0, value ->> 1, ? FROM json_each(?)';
    if (run(this.#sql, insert, lane, now, list) > 0) this.isHeld = true;
  }

  heldLanes(): EndpointId[] {
    const found = rawRows(this.#sql, 'SELECT DISTINCT lane FROM held_announcements').map(([lane]) => lane as EndpointId);
    if (found.length === 0) this.isHeld = false;
    return found;
  }

  held(lane: EndpointId, limit: number): Announcement[] {
    return announcementsOf(
      rawRows(this.#sql, 'SELECT n, row, state FROM held_announcements WHERE lane = ? ORDER BY n LIMIT ?', lane, limit),
    );
  }

  removeHeld(lane: EndpointId, upTo: number): void {
    run(this.#sql, 'DELETE FROM held_announcements WHERE lane = ? AND n <= ?', lane, upTo);
  }

  /** What a lane has had no room for all that time is given up, as what waits in it is. */
  forgetHeld(before: number): void {
    run(this.#sql, 'DELETE FROM held_announcements WHERE at < ?', before);
  }

  #add(query: string, ...bindings: (string | number)[]): void {
    if (run(this.#sql, query, ...bindings) > 0) this.isOwed = true;
  }
}
