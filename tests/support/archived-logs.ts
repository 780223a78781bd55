/** Any shard of a test tenant put into the archive as it stands: a shard seals itself only when all is over, which would leave few states. */
import type { ShardNumber } from '../../schema/ids';
import { decodeMessageId } from '../../schema/message-id';
import { archiveKey } from '../../schema/storage-keys';
import { ArchiveFile } from '../../workers/gateways/archive-file';
import { findArchiveFile, writeArchiveFile } from '../../workers/gateways/stores/archive-files';
import type { LineClass, SharedColumns } from '../../workers/rules/log-lines';
import { unsealed } from './unsealed';
import type { World } from './world';

/** @param memberRows rows of a member, few, so that a small log has many */
export async function archive({ gateways, tenant }: World, shard: ShardNumber, memberRows: number): Promise<void> {
  const { rows } = unsealed(await gateways.objects.shard(shard).rowsAfter({}, -1, 100_000));
  const [first] = rows;
  if (!first) throw new Error('a shard without rows');
  const revision = ((await findArchiveFile(gateways.database, shard))?.revision ?? 0) + 1;
  const key = archiveKey('current', tenant, first.receivedAt, shard, revision);
  const file = new ArchiveFile(gateways.files, key, memberRows);
  const shared: SharedColumns = { task: first.task, taskName: first.taskName, key: first.key, kind: first.kind };
  const classes = new Map<string, LineClass>();
  for (const row of rows) {
    const { country, parts, priceMicros: price } = row;
    const name = `${country} ${parts} ${price}`;
    const lineClass = classes.get(name) ?? { country, parts, price };
    classes.set(name, lineClass);
    file.add(decodeMessageId(row.id)?.row ?? 0, { ...row, shared, lineClass });
  }
  const contents = await file.finish();
  await writeArchiveFile(gateways.database, {
    ...contents,
    shard,
    tenantId: tenant,
    dataset: 'current',
    file: key,
    revision,
    patches: 0,
    sealedAt: Date.now(),
    foldedAt: null,
  });
}
