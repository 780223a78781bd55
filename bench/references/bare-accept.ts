/** What accepting costs without a platform: a Worker of a few lines on miniflare that does one object call with one insert and answers. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare';

const BARE_WORKER = `
import { DurableObject } from 'cloudflare:workers';
export class Home extends DurableObject {
  constructor(state, env) {
    super(state, env);
    this.sql = state.storage.sql;
    this.sql.exec('CREATE TABLE IF NOT EXISTS messages (row INTEGER PRIMARY KEY, recipient TEXT, content TEXT)');
  }
  accept(recipients, content) {
    const cursor = this.sql.exec(
      'INSERT INTO messages (recipient, content) SELECT value, ? FROM json_each(?) RETURNING row', content, JSON.stringify(recipients));
    return Array.from(cursor, ({ row }) => row);
  }
}
export default {
  async fetch(request, env) {
    const { to, text } = await request.json();
    const recipients = typeof to === 'string' ? [to] : to;
    const rows = await env.HOME.getByName('home').accept(recipients, text);
    return Response.json({ messages: rows.map((id) => ({ id })) }, { status: 202 });
  },
};`;

/** The object's storage is in a folder and the socket workerd's own, as the platform's are. */
export async function withBareWorker<T>(use: (url: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'jmc-bare-'));
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      modules: [{ type: 'ESModule', path: 'bare.js', contents: BARE_WORKER }],
      compatibilityDate: '2026-08-01',
      durableObjects: { HOME: { className: 'Home', useSQLite: true } },
      resourcePersistencePath: folder,
      unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
      cf: false,
      log: new Log(LogLevel.ERROR),
    }),
  );
  try {
    await miniflare.ready;
    const { origin } = await miniflare.unsafeGetDirectURL();
    return await use(origin);
  } finally {
    await miniflare.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}
