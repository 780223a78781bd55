/** The log of a lane: every request, what was sent and what came back. Rows are added, never changed. */
import { DELIVERY_STATES, type LaneAttempt } from '../../schema/protocol/webhook-lane';
import { rawRows, run } from '../kit/storage';
import { bodyOf } from './book';

/** Of a body, for the log. */
const BODY_SHOWN_CHARACTERS = 8 * 1024;

export interface Tried {
  readonly at: number;
  readonly durationMs: number;
  readonly method: string;
  readonly url: string;
  readonly status: number | null;
  readonly error: string | null;
  readonly answer: string;
}

export function addAttempt(sql: SqlStorage, delivery: number, { at, durationMs, method, url, status, error, answer }: Tried): void {
  run(
    sql,
    'INSERT INTO attempts (delivery, at, duration_ms, method, url, status, error, answer) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    delivery,
    at,
    durationMs,
    method,
    url,
    status,
    error,
    answer,
  );
}

type Stored = [
  n: number,
  delivery: string,
  at: number,
  durationMs: number,
  method: string,
  url: string,
  status: number | null,
  error: string | null,
  answer: string,
  events: number,
  state: number,
  nextAt: number | null,
  number: number,
  madeAt: number,
  batched: number,
];

export function attemptsOf(sql: SqlStorage, before: number | null, limit: number, delivery: string | null): LaneAttempt[] {
  const found = rawRows(
    sql,
    `SELECT a.n, d.id, a.at, a.duration_ms, a.method, a.url, a.status, a.error, a.answer, d.events, d.state, d.next_at, d.n, d.made_at, d.batched
     FROM attempts AS a JOIN deliveries AS d ON d.n = a.delivery
     WHERE a.n < ? AND (? IS NULL OR d.id = ?) ORDER BY a.n DESC LIMIT ?`,
    before ?? Number.MAX_SAFE_INTEGER,
    delivery,
    delivery,
    limit,
  ) as Stored[];
  return found.map(([n, id, at, durationMs, method, url, status, error, answer, events, state, nextAt, number, madeAt, batched]) => {
    const bodies = rawRows(sql, 'SELECT body FROM events WHERE delivery = ? ORDER BY n', number) as [string][];
    const body = bodyOf(bodies, madeAt, batched === 1).slice(0, BODY_SHOWN_CHARACTERS);
    const deliveryState = DELIVERY_STATES[state] ?? 'waiting';
    return { n, delivery: id, at, durationMs, method, url, status, error, answer, events, deliveryState, nextAt, body };
  });
}
