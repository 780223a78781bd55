/**
 * Exact counts by hour of acceptance, class and state, by reason for what failed, and by how long receipts took, moved by deltas in the
 * transaction that changes the rows. One stored row an hour, written once a transaction however many countries it touches.
 */
import {
  asReasonedState,
  isFreeState,
  MESSAGE_STATES,
  messageStateCode,
  STATE_CODES,
  type MessageState,
  type ReasonedState,
} from '../../schema/states';
import { lagStep } from '../../workers/rules/receipt-lag';
import { rows, run } from '../kit/storage';
import type { RowClasses } from './row-classes';

/** The one hour of a task's shard: its rows are accepted when the task starts, which is not known yet. */
export const TASK_HOUR = 0;

interface Hour {
  changes: number;
  readonly counts: Map<number, number>;
  /** Keys of `counts` with the error behind them: `key error`. */
  readonly reasons: Map<string, number>;
  /** Receipts by class and step of rules/receipt-lag. */
  readonly lags: Map<number, number>;
}

export interface LagTally {
  readonly hour: number;
  readonly classId: number;
  readonly step: number;
  readonly messages: number;
}

export interface Tally {
  readonly hour: number;
  readonly classId: number;
  readonly state: MessageState;
  readonly messages: number;
}

export interface ReasonTally {
  readonly hour: number;
  readonly classId: number;
  readonly state: ReasonedState;
  /** '' where a row says no more than its state. */
  readonly error: string;
  readonly messages: number;
}

interface StoredHour extends Record<string, SqlStorageValue> {
  hour: number;
  changes: number;
  body: string;
  reasons: string;
  lags: string;
}

const stateOf = (key: number): MessageState => MESSAGE_STATES[key % STATE_CODES] ?? 'unknown';
const classOf = (key: number): number => Math.floor(key / STATE_CODES);

/** A map that was stored as keys and values in turn. */
function fromPairs(text: string): Map<number, number> {
  const flat = JSON.parse(text) as number[];
  const counts = new Map<number, number>();
  for (let at = 0; at + 1 < flat.length; at += 2) counts.set(flat[at] ?? 0, flat[at + 1] ?? 0);
  return counts;
}

export class Tallies {
  readonly #sql: SqlStorage;
  readonly #classes: RowClasses;
  readonly #hours = new Map<number, Hour>();
  readonly #unsaved = new Set<number>();
  #costMicros = 0;

  constructor(sql: SqlStorage, classes: RowClasses) {
    this.#sql = sql;
    this.#classes = classes;
    for (const { hour, changes, body, reasons, lags } of rows<StoredHour>(sql, 'SELECT hour, changes, body, reasons, lags FROM tallies')) {
      this.#hours.set(hour, {
        changes,
        counts: fromPairs(body),
        reasons: new Map(JSON.parse(reasons) as [string, number][]),
        lags: fromPairs(lags),
      });
    }
    for (const { classId, state, messages } of this.cells()) this.#costMicros += this.#costOf(classId, state, messages);
  }

  /** Of all rows that are not free: what the shard has cost its tenant so far. */
  get costMicros(): number {
    return this.#costMicros;
  }

  #costOf(classId: number, state: MessageState, messages: number): number {
    return isFreeState(state) ? 0 : messages * this.#classes.of(classId).price;
  }

  /** @param error what the row says beside its state */
  add(hour: number, classId: number, state: MessageState, error: string | null, messages: number): void {
    const found = this.#open(hour);
    const key = classId * STATE_CODES + messageStateCode(state);
    found.counts.set(key, (found.counts.get(key) ?? 0) + messages);
    if (asReasonedState(state) !== null) {
      const reason = `${key} ${error ?? ''}`;
      found.reasons.set(reason, (found.reasons.get(reason) ?? 0) + messages);
    }
    this.#costMicros += this.#costOf(classId, state, messages);
    this.#unsaved.add(hour);
  }

  /** A receipt came after this long. */
  addLag(hour: number, classId: number, lagMs: number): void {
    const { lags } = this.#open(hour);
    const key = classId * STATE_CODES + lagStep(lagMs);
    lags.set(key, (lags.get(key) ?? 0) + 1);
    this.#unsaved.add(hour);
  }

  #open(hour: number): Hour {
    let found = this.#hours.get(hour);
    if (!found) this.#hours.set(hour, (found = { changes: 0, counts: new Map(), reasons: new Map(), lags: new Map() }));
    return found;
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
      for (const [key, messages] of counts) yield { hour, classId: classOf(key), state: stateOf(key), messages };
    }
  }

  /** The same for reasons: their sum by state is that of `cells`. */
  *reasonCells(): Generator<ReasonTally> {
    for (const [hour, { reasons }] of this.#hours) {
      for (const [name, messages] of reasons) {
        const space = name.indexOf(' ');
        const key = Number(name.slice(0, space));
        const state = asReasonedState(stateOf(key));
        if (state) yield { hour, classId: classOf(key), state, error: name.slice(space + 1), messages };
      }
    }
  }

  *lagCells(): Generator<LagTally> {
    for (const [hour, { lags }] of this.#hours) {
      for (const [key, messages] of lags) yield { hour, classId: classOf(key), step: key % STATE_CODES, messages };
    }
  }

  countOf(state: MessageState): number {
    const code = messageStateCode(state);
    let sum = 0;
    for (const { counts } of this.#hours.values()) for (const [key, messages] of counts) if (key % STATE_CODES === code) sum += messages;
    return sum;
  }

  /** Inside the transaction that changed the rows. @returns whether there was anything to save */
  save(): boolean {
    if (this.#unsaved.size === 0) return false;
    for (const hour of this.#unsaved) {
      const found = this.#hours.get(hour);
      if (!found) continue;
      found.changes += 1;
      run(
        this.#sql,
        `INSERT INTO tallies (hour, changes, body, reasons, lags) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (hour) DO UPDATE SET changes = excluded.changes, body = excluded.body, reasons = excluded.reasons, lags = excluded.lags`,
        hour,
        found.changes,
        JSON.stringify([...found.counts].flat()),
        JSON.stringify([...found.reasons]),
        JSON.stringify([...found.lags].flat()),
      );
    }
    this.#unsaved.clear();
    return true;
  }
}
