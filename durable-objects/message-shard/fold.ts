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
import { ReadAhead } from '../../workers/gateways/read-ahead';
import { findArchiveFile, findCells } from '../../workers/gateways/stores/archive-files';
import { packMember, unpackMembers } from '../../workers/rules/archive-index';
import { MovedCells, patchRows, type MovedRow } from '../../workers/rules/archive-patch';
import type { StateAccess } from './outbox';
import type { WriteFile } from './seal';

/** More than one read brings. */
const MEMBERS_AHEAD = 64;

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
  const ahead = new ReadAhead(files, source.file);
  const all = unpackMembers(source.members, fromAt);
  const cells = new MovedCells(await findCells(database, source));
  try {
    for (const [at, member] of all.entries()) {
      const bytes = await ahead.packed([member, ...all.slice(at + 1, at + 1 + MEMBERS_AHEAD)]);
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
