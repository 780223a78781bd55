/** Several number indexes written as one, in the order of their hashes. Holds a piece of each and one part of the upload. */
import { ARCHIVE_PART_BYTES } from '../../schema/limits';
import { NUMBER_ENTRY_BYTES } from '../rules/number-index';
import { GONE } from '../rules/numbered-shards';
import { ArchiveFileGone } from './archive-members';
import type { Files } from './files';
import { PartWriter } from './files/part-writer';

/** Entries of an input that are read at once. */
const PIECE_ENTRIES = 64 * 1024;

export interface NumbersInput {
  /** R2 key. */
  readonly file: string;
  readonly entries: number;
  /** What its members are called in the merged index, or GONE. */
  readonly renumbered: Int32Array;
}

/** Stands at one entry of an input; above all hashes once it has passed the last one. */
class InputCursor {
  readonly #files: Pick<Files, 'read'>;
  readonly #input: NumbersInput;
  #view: DataView = new DataView(new ArrayBuffer(0));
  #at = 0;
  #read = 0;
  hash = -1;

  constructor(files: Pick<Files, 'read'>, input: NumbersInput) {
    this.#files = files;
    this.#input = input;
  }

  get member(): number {
    return this.#input.renumbered[this.#view.getUint16(this.#at + 4)] ?? GONE;
  }

  /** @returns false when the next entry must be read first: `fill` */
  next(): boolean {
    this.#at += NUMBER_ENTRY_BYTES;
    if (this.#at >= this.#view.byteLength) return false;
    this.hash = this.#view.getUint32(this.#at);
    return true;
  }

  async fill(): Promise<void> {
    const { file, entries } = this.#input;
    const count = Math.min(PIECE_ENTRIES, entries - this.#read);
    this.hash = Infinity;
    if (count === 0) return;
    const bytes = await this.#files.read(file, { offset: this.#read * NUMBER_ENTRY_BYTES, length: count * NUMBER_ENTRY_BYTES });
    if (bytes?.length !== count * NUMBER_ENTRY_BYTES) throw new ArchiveFileGone();
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#read += count;
    this.#at = 0;
    this.hash = this.#view.getUint32(0);
  }
}

/** @returns entries written @throws ArchiveFileGone when an input is no longer there */
export async function writeMergedNumbers(files: Files, key: string, inputs: readonly NumbersInput[]): Promise<number> {
  const cursors = inputs.map((input) => new InputCursor(files, input));
  const out = new PartWriter(files, key, ARCHIVE_PART_BYTES);
  const piece = new Uint8Array(PIECE_ENTRIES * NUMBER_ENTRY_BYTES);
  const view = new DataView(piece.buffer);
  let used = 0;
  try {
    for (const cursor of cursors) await cursor.fill();
    for (let least = leastOf(cursors); least; least = leastOf(cursors)) {
      const { member } = least;
      if (member !== GONE) {
        view.setUint32(used, least.hash);
        view.setUint16(used + 4, member);
        used += NUMBER_ENTRY_BYTES;
        if (used === piece.length) {
          await out.write(piece);
          used = 0;
        }
      }
      if (!least.next()) await least.fill();
    }
    await out.write(piece.subarray(0, used));
    return (await out.finish()) / NUMBER_ENTRY_BYTES;
  } catch (thrown) {
    await out.abort();
    throw thrown;
  }
}

function leastOf(cursors: readonly InputCursor[]): InputCursor | null {
  let least: InputCursor | null = null;
  let hash = Infinity;
  for (const cursor of cursors) {
    if (cursor.hash >= hash) continue;
    least = cursor;
    ({ hash } = cursor);
  }
  return least;
}
