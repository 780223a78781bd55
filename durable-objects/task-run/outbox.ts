/** What a task must still tell others: its list row, its ledger, shards and files of a check that nobody wants any more. Each goes out at least once. */
import { revisionPrefix } from '../../schema/storage-keys';
import type { ShardNumber } from '../../schema/ids';
import { CONNECTIONS_PER_INVOCATION } from '../../schema/limits';
import type { Gateways } from '../../workers/gateways';
import { markTaskShardsStarted } from '../../workers/gateways/stores/task-shards';
import { writeTaskRow } from '../../workers/gateways/stores/tasks';
import { rawRows, rows, run } from '../kit/storage';
import { listRow } from './list-row';
import type { RunStore } from './record';
import type { SendingTotals } from './totals';

/** D1 hears of counts at most this often; of states at once. */
const PUBLISH_EVERY_MS = 1_000;

export class Outbox {
  readonly #store: RunStore;
  readonly #gateways: Pick<Gateways, 'database' | 'files' | 'objects'>;
  #publishedAt = 0;
  #publishedState: string | null = null;

  constructor(store: RunStore, gateways: Pick<Gateways, 'database' | 'files' | 'objects'>) {
    this.#store = store;
    this.#gateways = gateways;
  }

  /** Before the first shard starts: what it sends must be found in the log. */
  async markShards(): Promise<void> {
    const { record } = this.#store;
    if (!record || record.startedAt === null || record.marked) return;
    await markTaskShardsStarted(this.#gateways.database, record.settings.task, record.revision, record.startedAt);
    if (this.#store.record) this.#store.write({ ...this.#store.record, marked: true });
  }

  async settle(): Promise<void> {
    const { record } = this.#store;
    if (!record) return;
    const pending = rows<{ reference: string; micros: number }>(this.#store.sql, 'SELECT reference, micros FROM settlements');
    for (const { reference, micros } of pending) {
      await this.#gateways.objects.ledger(record.settings.tenant).settle(reference, micros);
      run(this.#store.sql, 'DELETE FROM settlements WHERE reference = ? AND micros = ?', reference, micros);
    }
  }

  async discard(): Promise<void> {
    for (;;) {
      const some = rawRows(this.#store.sql, 'SELECT shard FROM discards LIMIT ?', CONNECTIONS_PER_INVOCATION).map(
        ([n]) => n as ShardNumber,
      );
      if (some.length === 0) break;
      await Promise.all(some.map((shard) => this.#gateways.objects.shard(shard).discard()));
      run(this.#store.sql, 'DELETE FROM discards WHERE shard IN (SELECT value FROM json_each(?))', JSON.stringify(some));
    }
    await this.#removeFiles();
  }

  /** @returns when the next write is due; null when D1 knows everything. */
  async publish(sums: () => SendingTotals, now: number): Promise<void> {
    const due = this.publishDueAt(now);
    const { record } = this.#store;
    if (!record || due === null || due > now) return;
    await writeTaskRow(this.#gateways.database, listRow(record, sums()));
    this.#publishedAt = now;
    this.#publishedState = record.state;
    if (this.#store.record) this.#store.write({ ...this.#store.record, publishedVersion: record.version });
  }

  publishDueAt(now: number): number | null {
    const { record } = this.#store;
    if (!record || record.publishedVersion >= record.version) return null;
    return record.state === this.#publishedState ? this.#publishedAt + PUBLISH_EVERY_MS : now;
  }

  isEmpty(): boolean {
    const [left] = rows<{ pending: number }>(
      this.#store.sql,
      `SELECT EXISTS (SELECT 1 FROM settlements) OR EXISTS (SELECT 1 FROM discards) OR EXISTS (SELECT 1 FROM stale_revisions) AS pending`,
    );
    return left?.pending === 0;
  }

  async #removeFiles(): Promise<void> {
    const { record } = this.#store;
    if (!record) return;
    for (const [revision] of rawRows(this.#store.sql, 'SELECT revision FROM stale_revisions')) {
      const { tenant, task } = record.settings;
      const keys: string[] = [];
      for await (const key of this.#gateways.files.list(revisionPrefix(tenant, task, Number(revision)))) keys.push(key);
      await this.#gateways.files.remove(keys);
      run(this.#store.sql, 'DELETE FROM stale_revisions WHERE revision = ?', Number(revision));
    }
  }
}
