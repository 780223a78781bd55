/** A file of the demo's recipients, for as long as somebody needs it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeRecipients } from '../scripts/demo/recipients';

export async function withRecipients<T>(rows: number, use: (path: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'jmc-bench-'));
  try {
    const path = join(folder, `recipients-${rows}.csv`);
    await writeRecipients(path, rows);
    return await use(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
