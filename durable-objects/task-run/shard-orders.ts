/** Which shards of a running task work, and what each must be told. A row remembers the last order that reached its shard, so that none is lost. */
import type { Objects } from '../../workers/gateways/objects';
import type { ShardNumber } from '../../schema/ids';
import { ACTIVE_SHARDS, CONNECTIONS_PER_INVOCATION } from '../../schema/limits';
import type { ShardTotals } from '../../schema/protocol/message-shard';
import { rows, run } from '../kit/storage';
import type { RunRecord, RunStore } from './record';
import { addShardTotals, toSend, type SendingTotals } from './totals';

/** Shards that are asked in one look. */
const ASKED_AT_ONCE = 64;

type Order = 'start' | 'pause' | 'stop';
interface OpenShard {
  readonly n: ShardNumber;
  readonly active: number;
  readonly told: Order | null;
}

export class ShardOrders {
  readonly #store: RunStore;
  readonly #objects: Pick<Objects, 'shard'>;

  constructor(store: RunStore, objects: Pick<Objects, 'shard'>) {
    this.#store = store;
    this.#objects = objects;
  }

  /** Gives every order that is due, a few at a time. Throws when a shard could not be reached; the rest of its turn comes again. */
  async deliver(): Promise<void> {
    for (;;) {
      const due = this.#due();
      if (due.length === 0) return;
      await Promise.all(due.slice(0, CONNECTIONS_PER_INVOCATION).map((order) => this.#give(order)));
    }
  }

  /** @returns whether the totals were news, and whether they make room for another shard; null when they are no news */
  note(shard: ShardNumber, totals: ShardTotals, now: number): { readonly makesRoom: boolean } | null {
    const [known] = rows<{ sent: number }>(this.#store.sql, 'SELECT sent FROM shards WHERE n = ? AND version < ?', shard, totals.version);
    if (!known) return null;
    const sent = toSend(totals.byState) === 0 ? 1 : 0;
    run(
      this.#store.sql,
      'UPDATE shards SET version = ?, totals = ?, sent = ?, done = ?, heard_at = ? WHERE n = ?',
      totals.version,
      JSON.stringify({ byState: totals.byState, costMicros: totals.costMicros }),
      sent,
      totals.done ? 1 : 0,
      now,
      shard,
    );
    return { makesRoom: sent > known.sent };
  }

  /** Asks some shards that work but have been silent since before `before`; those that wait for their turn have nothing to say. */
  async ask(before: number, now: number): Promise<void> {
    const silent = rows<{ n: number }>(
      this.#store.sql,
      "SELECT n FROM shards WHERE done = 0 AND (active = 1 OR told = 'stop') AND heard_at < ? ORDER BY heard_at LIMIT ?",
      before,
      ASKED_AT_ONCE,
    );
    const waiting = silent.values();
    const askNext = async (): Promise<void> => {
      for (const { n } of waiting) {
        const shard = n as ShardNumber;
        this.note(shard, await this.#objects.shard(shard).totals(), now);
        run(this.#store.sql, 'UPDATE shards SET heard_at = ? WHERE n = ?', now, n);
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS_PER_INVOCATION }, askNext));
  }

  sums(): { sending: SendingTotals; shards: number; shardsDone: number } {
    const all = rows<{ totals: string | null; done: number }>(this.#store.sql, 'SELECT totals, done FROM shards');
    const known = all.flatMap(({ totals }) => (totals === null ? [] : [JSON.parse(totals) as SendingTotals]));
    return { sending: addShardTotals(known), shards: all.length, shardsDone: all.filter(({ done }) => done === 1).length };
  }

  allDone(): boolean {
    const [counted] = rows<{ open: number; all: number }>(
      this.#store.sql,
      'SELECT COUNT(*) AS "all", COUNT(*) FILTER (WHERE done = 0) AS open FROM shards',
    );
    return counted !== undefined && counted.all > 0 && counted.open === 0;
  }

  #due(): { shard: ShardNumber; order: Order; first: boolean }[] {
    const record = this.#store.record;
    if (!record || record.startedAt === null) return [];
    if (record.state === 'running') this.#fillWindow();
    return rows<{ n: number; active: number; told: string | null }>(
      this.#store.sql,
      'SELECT n, active, told FROM shards WHERE done = 0 ORDER BY n',
    )
      .map((row) => ({ ...row, n: row.n as ShardNumber, told: row.told as Order | null }))
      .flatMap((shard) => {
        const order = orderFor(record.state, shard);
        return order === null || order === shard.told ? [] : [{ shard: shard.n, order, first: shard.told === null }];
      })
      .toSorted((a, b) => Number(b.order === 'start') - Number(a.order === 'start'));
  }

  #fillWindow(): void {
    run(
      this.#store.sql,
      `UPDATE shards SET active = 1 WHERE n IN (SELECT n FROM shards WHERE done = 0 AND active = 0 ORDER BY n
        LIMIT MAX(0, ? - (SELECT COUNT(*) FROM shards WHERE done = 0 AND active = 1 AND sent = 0)))`,
      ACTIVE_SHARDS,
    );
  }

  async #give({ shard, order, first }: { shard: ShardNumber; order: Order; first: boolean }): Promise<void> {
    const target = this.#objects.shard(shard);
    await target[order](this.#store.record?.startedAt ?? Date.now());
    run(this.#store.sql, 'UPDATE shards SET told = ?, heard_at = ? WHERE n = ?', order, Date.now(), shard);
    // A shard that got no row at all has nothing to report by itself.
    if (first) this.note(shard, await target.totals(), Date.now());
  }
}

/** Of a task that has started. A shard outside the window is told as well, or its rows would be missing from the log until its turn comes. */
function orderFor(state: RunRecord['state'], shard: OpenShard): Order | null {
  if (state === 'stopping') return 'stop';
  if (state === 'running') return shard.active === 1 ? 'start' : 'pause';
  return state === 'paused' ? 'pause' : null;
}
