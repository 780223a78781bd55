/**
 * The records of a zip archive that is written from front to end and never gone back in (PKWARE APPNOTE 6.3.10): sizes follow their entry in a
 * data descriptor, the directory comes last. zip64 records appear only where the archive is longer than 4 GiB; entries themselves must be shorter.
 */

export interface ZipEntry {
  /** ASCII. */
  readonly name: string;
  /** Where its local header begins. */
  readonly offset: number;
  readonly crc: number;
  /** Bytes of its data in the archive and unpacked, each below 4 GiB. */
  readonly packed: number;
  readonly plain: number;
}

const UINT32_MAX = 0xffff_ffff;
const DEFLATE = 8;
/** Sizes are in a data descriptor behind the data. */
const FLAGS = 0x0008;
/** 1980-01-01, the first day there is: the same rows make the same bytes. */
const DAY = 0x0021;
const VERSION = 20;
const VERSION_ZIP64 = 45;

const encoder = new TextEncoder();

/** Little-endian fields, one after another: `[bytes, value]`. */
function record(...fields: readonly (readonly [bytes: 2 | 4 | 8, value: number])[]): Uint8Array {
  const made = new Uint8Array(fields.reduce((sum, [bytes]) => sum + bytes, 0));
  const view = new DataView(made.buffer);
  let at = 0;
  for (const [bytes, value] of fields) {
    if (bytes === 2) view.setUint16(at, value, true);
    else if (bytes === 4) view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
    at += bytes;
  }
  return made;
}

export function joinBytes(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Stands before the data of an entry. */
export function localHeader(name: string): Uint8Array {
  const bytes = encoder.encode(name);
  const head = record(
    [4, 0x0403_4b50],
    [2, VERSION],
    [2, FLAGS],
    [2, DEFLATE],
    [2, 0],
    [2, DAY],
    [4, 0],
    [4, 0],
    [4, 0],
    [2, bytes.length],
    [2, 0],
  );
  return joinBytes([head, bytes]);
}

/** Stands behind the data of an entry. */
export const dataDescriptor = ({ crc, packed, plain }: Pick<ZipEntry, 'crc' | 'packed' | 'plain'>): Uint8Array =>
  record([4, 0x0807_4b50], [4, crc], [4, packed], [4, plain]);

function directoryEntry({ name, offset, crc, packed, plain }: ZipEntry): Uint8Array {
  const bytes = encoder.encode(name);
  const isFar = offset >= UINT32_MAX;
  const extra = isFar ? record([2, 0x0001], [2, 8], [8, offset]) : new Uint8Array();
  const version = isFar ? VERSION_ZIP64 : VERSION;
  const head = record(
    [4, 0x0201_4b50],
    [2, version],
    [2, version],
    [2, FLAGS],
    [2, DEFLATE],
    [2, 0],
    [2, DAY],
    [4, crc],
    [4, packed],
    [4, plain],
    [2, bytes.length],
    [2, extra.length],
    [2, 0],
    [2, 0],
    [2, 0],
    [4, 0],
    [4, isFar ? UINT32_MAX : offset],
  );
  return joinBytes([head, bytes, extra]);
}

/** Ends the archive. @param offset where the directory begins: the length of all that comes before it */
export function zipDirectory(entries: readonly ZipEntry[], offset: number): Uint8Array {
  const directory = joinBytes(entries.map(directoryEntry));
  const { length: count } = entries;
  const size = directory.length;
  const isFar = offset >= UINT32_MAX;
  const end = record([4, 0x0605_4b50], [2, 0], [2, 0], [2, count], [2, count], [4, size], [4, isFar ? UINT32_MAX : offset], [2, 0]);
  if (!isFar) return joinBytes([directory, end]);
  const end64 = record(
    [4, 0x0606_4b50],
    [8, 44],
    [2, VERSION_ZIP64],
    [2, VERSION_ZIP64],
    [4, 0],
    [4, 0],
    [8, count],
    [8, count],
    [8, size],
    [8, offset],
  );
  const locator = record([4, 0x0706_4b50], [4, 0], [8, offset + size], [4, 1]);
  return joinBytes([directory, end64, locator, end]);
}
