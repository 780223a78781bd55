/** Reads single members of archive files, and finds numbers in their index. */
import { gunzipSync } from 'node:zlib';
import type { ArchiveMember } from '../../schema/protocol/archive';
import { numberIndexKey } from '../../schema/storage-keys';
import { NUMBER_ENTRY_BYTES } from '../rules/number-index';
import { firstWindow, isWindow, lookUp } from '../rules/number-lookup';
import type { Files } from './files';

/** The file is no longer there: D1 names a newer one, with late receipts in it. */
export class ArchiveFileGone extends Error {
  constructor() {
    super('archive file gone');
    this.name = 'ArchiveFileGone';
  }
}

/** A plain array, not a Buffer: its `subarray` is several times as fast, and loops over both kinds are slower than over one. */
export function unpackMember(packed: Uint8Array, plainBytes: number): Uint8Array {
  // In one piece: the default unpacks in pieces of 16 KiB and joins them.
  const { buffer, byteOffset, byteLength } = gunzipSync(packed, { chunkSize: plainBytes + 1 });
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** @throws ArchiveFileGone */
export async function readPackedMember(files: Pick<Files, 'read'>, file: string, member: ArchiveMember): Promise<Uint8Array> {
  const packed = await files.read(file, { offset: member.offset, length: member.packedBytes });
  if (packed === null) throw new ArchiveFileGone();
  return packed;
}

/**
 * Members that hold a number, by one small read; a few may be named that do not (their hash is the same).
 * @param rows of the whole file
 * @param digits E.164
 * @throws ArchiveFileGone
 */
export async function membersWithNumber(
  files: Pick<Files, 'read'>,
  file: string,
  rows: number,
  digits: string,
): Promise<readonly number[]> {
  let window = firstWindow(digits, rows);
  for (;;) {
    const { from, until } = window;
    const range = { offset: from * NUMBER_ENTRY_BYTES, length: (until - from) * NUMBER_ENTRY_BYTES };
    const bytes = await files.read(numberIndexKey(file), range);
    if (bytes === null) throw new ArchiveFileGone();
    const answer = lookUp(bytes, window, rows, digits);
    if (!isWindow(answer)) return answer;
    window = answer;
  }
}
