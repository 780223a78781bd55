/**
 * What came too late for a sealed shard's file goes into the file: written anew under the next revision, members without changes as they
 * are. Folding twice does no harm, for a patch says how a row stands.
 */
import { ARCHIVE_PART_BYTES } from '../../schema/limits';
import type { ArchiveMember, PackedMember, RowPatch } from '../../schema/protocol/archive';
import { archiveKey } from '../../schema/storage-keys';
import type { Gateways } from '../../workers/gateways';
import { packRows, unpackRows } from '../../workers/gateways/archive-file';
import { PartWriter } from '../../workers/gateways/files/part-writer';
import { findArchiveFile, findCells } from '../../workers/gateways/stores/archive-files';
import { packMember, unpackMembers } from '../../workers/rules/archive-index';
import { MovedCells, patchRows, type MovedRow } from '../../workers/rules/archive-patch';
import type { StateAccess } from './outbox';
import type { WriteFile } from './seal';

export async function foldPatches(
  { database, files }: Pick<Gateways, 'database' | 'files'>,
  access: StateAccess,
  write: WriteFile,
  goOn: () => void,
): Promise<void> {
  const { settings } = access.read();
  const source = settings && (await findArchiveFile(database, settings.shard));
  if (!source) return;
  const { dataset, tenantId, fromAt, shard } = source;
  const { revision, file, upTo } = access.change(({ archive }) => ({
    ...archive.begin((next) => archiveKey(dataset, tenantId, fromAt, shard, next), Date.now()),
    upTo: archive.changes,
  }));
  const out = new PartWriter(files, file, ARCHIVE_PART_BYTES);
  const members: PackedMember[] = [];
  const cells = new MovedCells(await findCells(database, source));
  try {
    for (const member of unpackMembers(source.members, fromAt)) {
      const bytes = await readOrFail(files, source.file, { offset: member.offset, length: member.packedBytes });
      const folded = foldMember(bytes, member, access.read().archive.patches(member.firstRow, member.firstRow + member.rows - 1));
      members.push(packMember({ ...member, ...folded }, fromAt));
      for (const row of folded.moved) cells.move(member.number, row);
      await out.write(folded.bytes);
      goOn();
    }
    await out.finish();
  } catch (thrown) {
    await out.abort();
    throw thrown;
  }
  // The same rows in the same members: the number index goes on naming them rightly.
  await write({ ...source, file, revision, bytes: out.size, members, cells: cells.all(), foldedAt: Date.now() });
  access.change(({ archive }) => {
    archive.keep(revision, Date.now());
    archive.fold(upTo, Date.now());
  });
}

async function readOrFail(files: Gateways['files'], key: string, range?: { offset: number; length: number }): Promise<Uint8Array> {
  const bytes = await files.read(key, range);
  if (!bytes) throw new Error('a file of the archive is gone');
  return bytes;
}

interface FoldedMember {
  readonly bytes: Uint8Array;
  readonly packedBytes: number;
  readonly plainBytes: number;
  readonly moved: readonly MovedRow[];
}

function foldMember(bytes: Uint8Array, { firstRow, plainBytes }: ArchiveMember, patches: readonly RowPatch[]): FoldedMember {
  if (patches.length === 0) return { bytes, packedBytes: bytes.length, plainBytes, moved: [] };
  const { plain, moved } = patchRows(unpackRows(bytes), firstRow, patches);
  const packed = packRows(plain);
  return { bytes: packed, packedBytes: packed.length, plainBytes: plain.length, moved };
}
