/**
 * What came too late for a sealed shard's file goes into the file: written anew under the next revision, members without changes as they
 * are. Folding twice does no harm, for a patch says how a row stands.
 */
import { ARCHIVE_PART_BYTES } from '../../schema/limits';
import type { ArchiveMember, FileTally, PackedMember, RowPatch } from '../../schema/protocol/archive';
import { archiveKey, numberIndexKey } from '../../schema/storage-keys';
import type { Gateways } from '../../workers/gateways';
import { packRows, unpackRows } from '../../workers/gateways/archive-file';
import { PartWriter } from '../../workers/gateways/files/part-writer';
import { findArchiveFile } from '../../workers/gateways/stores/archive-files';
import { packMember, unpackMember } from '../../workers/rules/archive-index';
import { movedMemberTally, movedTally, patchRows } from '../../workers/rules/archive-patch';
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
  const moved: FileTally[] = [];
  try {
    for (const packed of source.members) {
      const member = unpackMember(packed);
      const bytes = await readOrFail(files, source.file, { offset: member.offset, length: member.packedBytes });
      const folded = foldMember(bytes, member, access.read().archive.patches(member.firstRow, member.firstRow + member.rows - 1));
      members.push(packMember({ ...folded.member, offset: out.size }));
      moved.push(...folded.moved);
      await out.write(folded.bytes);
      goOn();
    }
    await out.finish();
  } catch (thrown) {
    await out.abort();
    throw thrown;
  }
  // The same rows in the same members: the numbers are where they were.
  const numbers = await readOrFail(files, numberIndexKey(source.file));
  await files.write(numberIndexKey(file), numbers);
  const bytes = out.size + numbers.length;
  await write({ ...source, file, revision, bytes, members, tally: movedTally(source.tally, moved), foldedAt: Date.now() });
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

function foldMember(
  bytes: Uint8Array,
  member: ArchiveMember,
  patches: readonly RowPatch[],
): { readonly bytes: Uint8Array; readonly member: ArchiveMember; readonly moved: readonly FileTally[] } {
  if (patches.length === 0) return { bytes, member, moved: [] };
  const { plain, moved } = patchRows(unpackRows(bytes), member.firstRow, patches);
  const packed = packRows(plain);
  const tally = movedMemberTally(member.tally, moved);
  return { bytes: packed, member: { ...member, packedBytes: packed.length, plainBytes: plain.length, tally }, moved };
}
