import { applyD1Migrations, type D1Migration } from 'cloudflare:test';
import { env } from 'cloudflare:workers';

const { DB, TEST_MIGRATIONS } = env as unknown as { DB: D1Database; TEST_MIGRATIONS: D1Migration[] };
await applyD1Migrations(DB, TEST_MIGRATIONS);

/**
 * Shards of this file are numbered from a place of their own: each file has its own D1, but all of them share one fake carrier, which knows
 * messages by ids that are made of shard numbers.
 */
const FIRST_SHARD_MAX = 2 ** 39;
const firstShard = 10_000_000 + Math.floor(Math.random() * FIRST_SHARD_MAX);
await DB.batch([
  DB.prepare("INSERT INTO shards (n, tenant_id, key_id, kind, created_at) VALUES (?, '', '', 'marketing', 0)").bind(firstShard),
  DB.prepare('DELETE FROM shards WHERE n = ?').bind(firstShard),
]);
