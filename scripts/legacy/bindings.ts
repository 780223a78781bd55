/** The database and the bucket of an environment, in this process: on Cloudflare through wrangler's remote bindings, or in the local state folder. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getPlatformProxy, unstable_readConfig } from 'wrangler';
import type { Env } from '../../schema/env';
import { inRoot, readSettings } from '../platform/settings';

interface BoundStores {
  readonly compatibility_date?: string;
  readonly d1_databases: readonly { readonly binding: string; readonly database_name?: string; readonly database_id?: string }[];
  readonly r2_buckets: readonly { readonly binding: string; readonly bucket_name?: string }[];
}

/** @param environment `local`, or a name in wrangler.toml */
export async function withBindings<Answer>(environment: string, use: (env: Pick<Env, 'DB' | 'FILES'>) => Promise<Answer>): Promise<Answer> {
  const isLocal = environment === 'local';
  const config = unstable_readConfig({ config: inRoot('wrangler.toml'), ...(isLocal ? {} : { env: environment }) });
  const folder = await mkdtemp(join(tmpdir(), 'jmc-bindings-'));
  try {
    const remote = isLocal ? {} : { remote: true };
    // Only what the import needs: objects and queues would have to be run as well.
    const { compatibility_date, d1_databases, r2_buckets } = config as BoundStores;
    const path = join(folder, 'wrangler.json');
    await writeFile(
      path,
      JSON.stringify({
        name: 'jmc-import',
        compatibility_date,
        d1_databases: d1_databases.map(({ binding, database_name, database_id }) => ({ binding, database_name, database_id, ...remote })),
        r2_buckets: r2_buckets.map(({ binding, bucket_name }) => ({ binding, bucket_name, ...remote })),
      }),
    );
    const proxy = await getPlatformProxy<Pick<Env, 'DB' | 'FILES'>>({
      configPath: path,
      persist: { path: join(readSettings().stateFolder, 'v3') },
    });
    try {
      return await use(proxy.env);
    } finally {
      await proxy.dispose();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
