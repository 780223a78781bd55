/** What a lane has to deliver and what became of it: every statement on its tables but the log's. */
import type { EndpointId } from '../../schema/ids';
import { WEBHOOK_KEPT_MAX, WEBHOOK_LIFETIME_MS, WEBHOOK_LOG_LIFETIME_MS } from '../../schema/limits';
import { DELIVERY_STATES, type DeliveryState, type LaneEvent, type ReplayWish } from '../../schema/protocol/webhook-lane';
import { rawRows, rows, run } from '../kit/storage';

export interface Lane {
  endpoint: EndpointId | null;
  /** Tries that failed since the last that did not. */
  streak: number;
  /** First of them, ms UTC. */
  failingSince: number | null;
  /** The customer asked for a rest until then, ms UTC. */
  pausedUntil: number;
  /** Events not taken and not given up. */
  waiting: number;
  tidiedAt: number;
}

export interface Delivery {
  readonly n: number;
  readonly id: string;
  readonly beganAt: number;
  readonly attempts: number;
  readonly events: number;
  /** Where it goes, if not to the endpoint's own address. */
  readonly url: string | null;
  readonly body: string;
}

const stateCode = (state: DeliveryState): number => DELIVERY_STATES.indexOf(state);
const WAITING = stateCode('waiting');
const FAILED = stateCode('failed');
/** Of one request, all events together. */
const BODY_MAX_CHARACTERS = 256 * 1024;
const TIDY_SLICE = 5_000;
const GIVEN_UP_SLICE = 2_000;

type Stored = [n: number, id: string, madeAt: number, beganAt: number, attempts: number, events: number, batched: number];
const COLUMNS = 'n, id, made_at, began_at, attempts, events, batched';

export class Book {
  readonly #sql: SqlStorage;
  readonly lane: Lane;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    const [found] = rows<{
      endpoint: string | null;
      streak: number;
      failing_since: number | null;
      paused_until: number;
      waiting: number;
      tidied_at: number;
    }>(sql, 'SELECT * FROM lane');
    if (!found) throw new Error('a lane without its row');
    this.lane = {
      endpoint: found.endpoint as EndpointId | null,
      streak: found.streak,
      failingSince: found.failing_since,
      pausedUntil: found.paused_until,
      waiting: found.waiting,
      tidiedAt: found.tidied_at,
    };
  }

  save(): void {
    const { endpoint, streak, failingSince, pausedUntil, waiting, tidiedAt } = this.lane;
    run(
      this.#sql,
      'UPDATE lane SET endpoint = ?, streak = ?, failing_since = ?, paused_until = ?, waiting = ?, tidied_at = ?',
      endpoint,
      streak,
      failingSince,
      pausedUntil,
      waiting,
      tidiedAt,
    );
  }

  /** @returns how many were new */
  take(events: readonly LaneEvent[], now: number): number {
    const taken = rawRows(
      this.#sql,
      `INSERT INTO events (key, type, body, url, at)
       SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, ? FROM json_each(?) WHERE true ON CONFLICT (key) DO NOTHING RETURNING n`,
      now,
      JSON.stringify(events),
    ).length;
    this.lane.waiting += taken;
    return taken;
  }

  /** A delivery of its own for one event, outside the order. */
  takeAlone([key, type, body, url]: LaneEvent, now: number): Delivery | null {
    if (this.take([[key, type, body, url ?? null]], now) === 0) return null;
    const [event] = rawRows(this.#sql, 'SELECT n FROM events WHERE key = ?', key) as [[number]];
    return this.#make([event[0]], false, now);
  }

  /** The delivery that is due longest, or a new one from the events that wait. @param busy those under way */
  next(now: number, batchMax: number, busy: ReadonlySet<number>): Delivery | null {
    const [due] = rawRows(
      this.#sql,
      `SELECT ${COLUMNS} FROM deliveries WHERE next_at <= ? AND n NOT IN (SELECT value FROM json_each(?)) ORDER BY next_at LIMIT 1`,
      now,
      JSON.stringify([...busy]),
    ) as Stored[];
    if (due) return this.#whole(due);
    const loose = rawRows(this.#sql, 'SELECT n, url, length(body) FROM events WHERE delivery IS NULL ORDER BY n LIMIT ?', batchMax) as [
      n: number,
      url: string | null,
      size: number,
    ][];
    const [first] = loose;
    if (!first) return null;
    const together: number[] = [];
    let size = 0;
    for (const [n, url, length] of loose) {
      size += length;
      if (together.length > 0 && (url !== null || size > BODY_MAX_CHARACTERS)) break;
      together.push(n);
      if (url !== null) break;
    }
    return this.#make(together, batchMax > 1 && first[1] === null, now);
  }

  /** When `next` will have something, ms UTC; null = never. */
  nextAt(now: number, busy: ReadonlySet<number>): number | null {
    const [loose] = rawRows(this.#sql, 'SELECT 1 FROM events WHERE delivery IS NULL LIMIT 1');
    if (loose) return now;
    const [due] = rawRows(
      this.#sql,
      'SELECT min(next_at) FROM deliveries WHERE next_at IS NOT NULL AND n NOT IN (SELECT value FROM json_each(?))',
      JSON.stringify([...busy]),
    ) as [[number | null]];
    return due[0];
  }

  tried(delivery: Delivery, state: DeliveryState, nextAt: number | null): void {
    const { n, attempts, events } = delivery;
    run(this.#sql, 'UPDATE deliveries SET state = ?, attempts = ?, next_at = ? WHERE n = ?', stateCode(state), attempts + 1, nextAt, n);
    if (state !== 'waiting') this.lane.waiting -= events;
  }

  /** What waited for a day, in an endpoint that was off or too slow, is given up; it can be replayed. @returns whether that was all */
  giveUpOverdue(now: number, batchMax: number): boolean {
    const oldest = now - WEBHOOK_LIFETIME_MS;
    let isAll = false;
    for (let made = 0; made < GIVEN_UP_SLICE && !isAll; made += 1) {
      const [loose] = rawRows(this.#sql, 'SELECT at FROM events WHERE delivery IS NULL ORDER BY n LIMIT 1') as [number][];
      isAll = !loose || loose[0] > oldest || this.next(0, batchMax, new Set()) === null;
    }
    const overdue = 'next_at IS NOT NULL AND began_at <= ?';
    const [counted] = rawRows(this.#sql, `SELECT coalesce(sum(events), 0) FROM deliveries WHERE ${overdue}`, oldest) as [[number]];
    if (counted[0] === 0) return isAll;
    run(this.#sql, `UPDATE deliveries SET state = ?, next_at = NULL WHERE ${overdue}`, FAILED, oldest);
    this.lane.waiting -= counted[0];
    return isAll;
  }

  replay(wish: ReplayWish, now: number): number {
    const { where, bindings } =
      'delivery' in wish
        ? { where: 'id = ?', bindings: [wish.delivery] }
        : {
            where: `made_at >= ? AND made_at < ? AND state ${wish.which === 'all' ? '<>' : '='} ?`,
            bindings: [wish.from, wish.until, wish.which === 'all' ? WAITING : FAILED],
          };
    // What still waits is tried again at once; it is counted already.
    const over = `${where} AND next_at IS NULL`;
    const [counted] = rawRows(this.#sql, `SELECT coalesce(sum(events), 0) FROM deliveries WHERE ${over}`, ...bindings) as [[number]];
    const [found] = rawRows(this.#sql, `SELECT count(*) FROM deliveries WHERE ${where}`, ...bindings) as [[number]];
    run(
      this.#sql,
      `UPDATE deliveries SET state = ?, attempts = 0, began_at = ?, next_at = ? WHERE ${where}`,
      WAITING,
      now,
      now,
      ...bindings,
    );
    this.lane.waiting += counted[0];
    return found[0];
  }

  /** Forgets what is old, or too much. @returns whether that was all */
  tidy(now: number): boolean {
    const oldest = now - WEBHOOK_LOG_LIFETIME_MS;
    const kept = 'SELECT n, sum(events) OVER (ORDER BY n DESC) AS kept FROM deliveries WHERE next_at IS NULL';
    const [surplus] = rawRows(this.#sql, `SELECT max(n) FROM (${kept}) WHERE kept > ?`, WEBHOOK_KEPT_MAX) as [number | null][];
    const gone = rawRows(
      this.#sql,
      'SELECT n FROM deliveries WHERE next_at IS NULL AND (made_at < ? OR n <= ?) ORDER BY n LIMIT ?',
      oldest,
      surplus?.[0] ?? 0,
      TIDY_SLICE,
    ).map(([n]) => n);
    if (gone.length === 0) return true;
    const list = JSON.stringify(gone);
    for (const table of ['attempts', 'events'])
      run(this.#sql, `DELETE FROM ${table} WHERE delivery IN (SELECT value FROM json_each(?))`, list);
    run(this.#sql, 'DELETE FROM deliveries WHERE n IN (SELECT value FROM json_each(?))', list);
    return gone.length < TIDY_SLICE;
  }

  isEmpty(): boolean {
    return rawRows(this.#sql, 'SELECT 1 FROM events LIMIT 1').length === 0;
  }

  #make(events: readonly number[], isBatch: boolean, now: number): Delivery {
    const list = JSON.stringify(events);
    const [at] = rawRows(this.#sql, 'SELECT min(at) FROM events WHERE n IN (SELECT value FROM json_each(?))', list) as [[number]];
    const [made] = rawRows(
      this.#sql,
      `INSERT INTO deliveries (id, made_at, began_at, state, attempts, next_at, events, batched) VALUES (?, ?, ?, ?, 0, ?, ?, ?) RETURNING ${COLUMNS}`,
      `msg_${crypto.randomUUID().replaceAll('-', '')}`,
      at[0],
      at[0],
      WAITING,
      now,
      events.length,
      isBatch ? 1 : 0,
    ) as [Stored];
    run(this.#sql, 'UPDATE events SET delivery = ? WHERE n IN (SELECT value FROM json_each(?))', made[0], list);
    return this.#whole(made);
  }

  #whole([n, id, madeAt, beganAt, attempts, events, batched]: Stored): Delivery {
    const found = rawRows(this.#sql, 'SELECT body, url FROM events WHERE delivery = ? ORDER BY n', n) as [string, string | null][];
    return { n, id, beganAt, attempts, events, url: found[0]?.[1] ?? null, body: bodyOf(found, madeAt, batched === 1) };
  }
}

/** The same for every try, so that a repeat is a repeat. */
export function bodyOf(events: readonly (readonly [body: string, ...unknown[]])[], madeAt: number, isBatch: boolean): string {
  if (!isBatch) return events[0]?.[0] ?? '';
  return `{"type":"batch","timestamp":"${new Date(madeAt).toISOString()}","data":[${events.map(([body]) => body).join(',')}]}`;
}
