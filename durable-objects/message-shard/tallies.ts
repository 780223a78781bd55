/**
 * Exact counts by hour of acceptance, class and state, moved by deltas in the transaction that changes the rows. One stored row an
 * hour, written once a transaction however many countries it touches.
 */
import { MESSAGE_STATES, messageStateCode, type MessageState } from '../../schema/states';
import { rows, run } from '../kit/storage';

/** Room for states beside the class in one key; MESSAGE_STATES is shorter. */
const STATES = 16;
/** The one hour of a task's shard: its rows are accepted when the task starts, which is not known yet. */
export const TASK_HOUR = 0;
export const HOUR_MS = 60 * 60 * 1_000;

interface Hour {
  changes: number;
  readonly counts: Map<number, number>;
}

export interface Tally {
  readonly hour: number;
  readonly classId: number;
  readonly state: MessageState;
  readonly messages: number;
}

export class Tallies {
  readonly #sql: SqlStorage;
  readonly #hours = new Map<number, Hour>();
  readonly #unsaved = new Set<number>();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    for (const { hour, changes, body } of rows<{ hour: number; changes: number; body: string }>(sql, 'SELECT * FROM tallies')) {
      const flat = JSON.parse(body) as number[];
      const counts = new Map<number, number>();
      for (let at = 0; at + 1 < flat.length; at += 2) counts.set(flat[at] ?? 0, flat[at + 1] ?? 0);
      this.#hours.set(hour, { changes, counts });
    }
  }

  add(hour: number, classId: number, state: MessageState, messages: number): void {
    let found = this.#hours.get(hour);
    if (!found) this.#hours.set(hour, (found = { changes: 0, counts: new Map() }));
    const key = classId * STATES + messageStateCode(state);
    found.counts.set(key, (found.counts.get(key) ?? 0) + messages);
    this.#unsaved.add(hour);
  }

  /** Grows with every transaction that counted something. */
  get changes(): number {
    let sum = 0;
    for (const { changes } of this.#hours.values()) sum += changes;
    return sum;
  }

  /** Cells that were ever counted, zeros included: an absolute report must overwrite what it said before. */
  *cells(): Generator<Tally> {
    for (const [hour, { counts }] of this.#hours) {
      for (const [key, messages] of counts) {
        yield { hour, classId: Math.floor(key / STATES), state: MESSAGE_STATES[key % STATES] ?? 'unknown', messages };
      }
    }
  }

  countOf(state: MessageState): number {
    const code = messageStateCode(state);
    let sum = 0;
    for (const { counts } of this.#hours.values()) for (const [key, messages] of counts) if (key % STATES === code) sum += messages;
    return sum;
  }

  /** Inside the transaction that changed the rows. */
  save(): void {
    for (const hour of this.#unsaved) {
      const found = this.#hours.get(hour);
      if (!found) continue;
      found.changes += 1;
      const body = JSON.stringify([...found.counts].flat());
      run(
        this.#sql,
        'INSERT INTO tallies VALUES (?, ?, ?) ON CONFLICT (hour) DO UPDATE SET changes = excluded.changes, body = excluded.body',
        hour,
        found.changes,
        body,
      );
    }
    this.#unsaved.clear();
  }
}
