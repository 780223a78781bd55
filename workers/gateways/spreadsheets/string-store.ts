/** Many strings in little memory: UTF-8 in blocks, each with its length in front. A million JavaScript strings would take three times as much. */
import { AppError } from '../../../schema/errors';

/** Of text and lengths; a book with more of it belongs into csv. An isolate has 128 MB for everything. */
const MAX_BYTES = 40 * 1024 * 1024;
const BLOCK_BYTES = 1024 * 1024;
/** The place of every 16th string is kept; the others are found by hopping over lengths. */
const HOPS = 16;
/** A length of one byte, or this and four bytes, or nothing more in this block. */
const LONG = 254;
const NEXT_BLOCK = 255;
/** One byte of it at the end of a block is for NEXT_BLOCK. */
const LENGTH_BYTES = 6;

export class StringStore {
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder();
  readonly #maxBytes: number;
  readonly #blocks: Uint8Array[] = [];
  #used = 0;
  /** Address (block × BLOCK_BYTES + offset) of string 0, 16, 32 … */
  readonly #places: number[] = [];
  #count = 0;

  constructor(maxBytes: number = MAX_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** @throws AppError file_unpacks_too_large */
  add(text: string): void {
    const block = this.#blockFor(text.length * 3 + LENGTH_BYTES);
    if (this.#count % HOPS === 0) this.#places.push((this.#blocks.length - 1) * BLOCK_BYTES + this.#used);
    // Short ASCII, the usual content, needs no look at how long its bytes will be.
    const head = text.length * 3 < LONG ? 1 : 5;
    const { written } = this.#encoder.encodeInto(text, block.subarray(this.#used + head));
    if (head === 1) block[this.#used] = written;
    else {
      block[this.#used] = LONG;
      new DataView(block.buffer).setUint32(this.#used + 1, written);
    }
    this.#used += head + written;
    this.#count++;
  }

  /** '' for a number that was never added. */
  get(index: number): string {
    if (!(index >= 0 && index < this.#count)) return '';
    const place = this.#places[Math.floor(index / HOPS)] ?? 0;
    let number = Math.floor(place / BLOCK_BYTES);
    let offset = place % BLOCK_BYTES;
    for (let hops = index % HOPS; ; hops--) {
      if (this.#blocks[number]?.[offset] === NEXT_BLOCK) {
        number++;
        offset = 0;
      }
      const block = this.#blocks[number];
      if (!block) return '';
      const short = block[offset] ?? 0;
      const length = short === LONG ? new DataView(block.buffer).getUint32(offset + 1) : short;
      const start = offset + (short === LONG ? 5 : 1);
      if (hops === 0) return this.#decoder.decode(block.subarray(start, start + length));
      offset = start + length;
    }
  }

  /** The open block if `bytes` surely fit into it, else a new one. */
  #blockFor(bytes: number): Uint8Array {
    const open = this.#blocks.at(-1);
    if (open && this.#used + bytes <= BLOCK_BYTES) return open;
    // Excel ends a cell's text at 32 767 characters; a megabyte in one cell is no list of numbers.
    if (bytes > BLOCK_BYTES || (this.#blocks.length + 1) * BLOCK_BYTES > this.#maxBytes) throw new AppError('file_unpacks_too_large');
    if (open) open[this.#used] = NEXT_BLOCK;
    const block = new Uint8Array(BLOCK_BYTES);
    this.#blocks.push(block);
    this.#used = 0;
    return block;
  }
}
