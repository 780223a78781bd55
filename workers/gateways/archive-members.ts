/** Reads single members of archive files, and finds numbers in their index. */
import { gunzipSync } from 'node:zlib';
import type { ArchiveMember } from '../../schema/protocol/archive';
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

/** Packed members lie one behind the other: one read serves all that are near enough. */
const READ_BYTES = 1024 * 1024;
/** Members that are not wanted and lie in between are read with the others up to here. */
const GAP_BYTES = 64 * 1024;

/** Bytes of a file. */
export interface Piece {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

export const holdsMember = ({ offset, bytes }: Piece, member: ArchiveMember): boolean =>
  member.offset >= offset && endOf(member) <= offset + bytes.byteLength;

export const packedIn = ({ offset, bytes }: Piece, member: ArchiveMember): Uint8Array =>
  bytes.subarray(member.offset - offset, endOf(member) - offset);

const endOf = ({ offset, packedBytes }: ArchiveMember): number => offset + packedBytes;

/** As many of the first of these as one read should bring. @param members ascending */
function firstRun(members: readonly ArchiveMember[]): readonly ArchiveMember[] {
  const [first] = members;
  if (!first) return [];
  let end = endOf(first);
  let count = 1;
  for (const member of members.slice(1)) {
    if (member.offset - end > GAP_BYTES || endOf(member) - first.offset > READ_BYTES) break;
    end = endOf(member);
    count += 1;
  }
  return members.slice(0, count);
}

/** The first of these members, and those that lie near it. @param members ascending, at least one @throws ArchiveFileGone */
export async function readFirstMembers(files: Pick<Files, 'read'>, file: string, members: readonly ArchiveMember[]): Promise<Piece> {
  const run = firstRun(members);
  const [first, last] = [run[0], run.at(-1)];
  if (!first || !last) throw new RangeError('no member to read');
  const bytes = await files.read(file, { offset: first.offset, length: endOf(last) - first.offset });
  if (bytes === null) throw new ArchiveFileGone();
  return { offset: first.offset, bytes };
}

/** All of these members at once. @param members ascending @throws ArchiveFileGone */
export async function readMembers(
  files: Pick<Files, 'read'>,
  file: string,
  members: readonly ArchiveMember[],
): Promise<readonly { readonly member: ArchiveMember; readonly packed: Uint8Array }[]> {
  const runs: (readonly ArchiveMember[])[] = [];
  for (let left = members; left.length > 0;) {
    const run = firstRun(left);
    runs.push(run);
    left = left.slice(run.length);
  }
  const pieces = await Promise.all(
    runs.map(async (run) => {
      const piece = await readFirstMembers(files, file, run);
      return run.map((member) => ({ member, packed: packedIn(piece, member) }));
    }),
  );
  return pieces.flat();
}

/**
 * Members that hold a number, by one small read; a few may be named that do not (their hash is the same).
 * @param index its R2 key
 * @param digits E.164
 * @throws ArchiveFileGone
 */
export async function membersWithNumber(
  files: Pick<Files, 'read'>,
  index: string,
  entries: number,
  digits: string,
): Promise<readonly number[]> {
  if (entries === 0) return [];
  let window = firstWindow(digits, entries);
  for (;;) {
    const { from, until } = window;
    const range = { offset: from * NUMBER_ENTRY_BYTES, length: (until - from) * NUMBER_ENTRY_BYTES };
    const bytes = await files.read(index, range);
    if (bytes === null) throw new ArchiveFileGone();
    const answer = lookUp(bytes, window, entries, digits);
    if (!isWindow(answer)) return answer;
    window = answer;
  }
}
