/** Plain bytes of a file that rests as gzip members: any range of them, a few megabytes in memory at a time. */
import { gunzipSync } from 'node:zlib';
import type { Files } from '../gateways/files';
import type { ByteSpan } from '../rules/byte-range';
import { giveBack } from '../rules/given-back';

/** Plain bytes unpacked at once, about: one read of R2 each. */
const GROUP_BYTES = 8 * 1024 * 1024;

/** Plain and packed bytes of each member in the order of the file: plain, packed, plain, packed … */
type MemberSizes = readonly number[];

interface Group {
  /** Where its plain bytes begin in the plain file. */
  readonly start: number;
  readonly plain: number;
  readonly offset: number;
  readonly packed: number;
}

/** Members that hold bytes of `span`, a few at a time. */
function* groupsOf(sizes: MemberSizes, span: ByteSpan): Generator<Group> {
  let group: Group = { start: 0, plain: 0, offset: 0, packed: 0 };
  for (let at = 0; at + 1 < sizes.length && group.start + group.plain < span.offset + span.length; at += 2) {
    const [plain = 0, packed = 0] = [sizes[at], sizes[at + 1]];
    const wanted = group.start + group.plain + plain > span.offset;
    group = wanted ? { ...group, plain: group.plain + plain, packed: group.packed + packed } : behind({ ...group, plain, packed });
    if (group.plain < GROUP_BYTES) continue;
    yield group;
    group = behind(group);
  }
  if (group.plain > 0) yield group;
}

/** Where the next group begins. */
const behind = ({ start, plain, offset, packed }: Group): Group => ({ start: start + plain, plain: 0, offset: offset + packed, packed: 0 });

/** A piece is good until the next one is asked for. */
async function* unpacked(files: Pick<Files, 'read'>, key: string, sizes: MemberSizes, span: ByteSpan): AsyncGenerator<Uint8Array> {
  for (const group of groupsOf(sizes, span)) {
    const packed = await files.read(key, { offset: group.offset, length: group.packed });
    if (!packed) return;
    // In one piece: the default unpacks in pieces of 16 KiB and joins them.
    const plain = gunzipSync(packed, { chunkSize: group.plain + 1 });
    giveBack(packed);
    yield plain.subarray(Math.max(0, span.offset - group.start), Math.min(group.plain, span.offset + span.length - group.start));
    giveBack(plain);
  }
}

/** @returns null when there is no such file */
export async function unpackRange(
  files: Pick<Files, 'read'>,
  key: string,
  sizes: MemberSizes,
  span: ByteSpan,
): Promise<ReadableStream<Uint8Array> | null> {
  const pieces = unpacked(files, key, sizes, span);
  const first = await pieces.next();
  if (first.done && span.length > 0) return null;
  const { readable, writable } = new FixedLengthStream(span.length);
  const pump = async (): Promise<void> => {
    const writer = writable.getWriter();
    try {
      for (let piece = first; !piece.done; piece = await pieces.next()) await writer.write(piece.value);
      await writer.close();
    } catch (thrown) {
      await writer.abort(thrown);
    }
  };
  // Fails when the reader goes away: nobody is left to be told.
  pump().catch(() => undefined);
  return readable;
}
