/**
 * csv as gzip members: a tenth of the bytes to upload and to keep. Whoever wants the plain file gets any range of it from the member sizes
 * (unpack-range.ts); as `.csv.gz` it is fetched as it rests.
 */
import { gzipSync } from 'node:zlib';
import { MEMBER_BYTES, type PackedState, type RowPacker } from './row-packer';

export class LinePacker implements RowPacker {
  /** Used again for each member; grows when lines are long. */
  #buffer = new Uint8Array(2 * MEMBER_BYTES);
  #fill = 0;
  readonly #members: number[];
  #plain: number;
  #packed: number;
  readonly #isFetchedPacked: boolean;

  /**
   * @param head title line, for a file that begins
   * @param isFetchedPacked its users get the gzip file itself
   */
  constructor(head: Uint8Array, members: readonly number[], isFetchedPacked: boolean) {
    this.#members = [...members];
    this.#plain = sumOf(members, 0);
    this.#packed = sumOf(members, 1);
    this.#isFetchedPacked = isFetchedPacked;
    if (members.length === 0) this.add(head);
  }

  get isFull(): boolean {
    return this.#fill >= MEMBER_BYTES;
  }

  get bytes(): number {
    return this.#isFetchedPacked ? this.#packed : this.#plain + this.#fill;
  }

  get state(): PackedState {
    return { bytes: this.bytes, members: [...this.#members], book: null };
  }

  add(lines: Uint8Array): void {
    const end = this.#fill + lines.byteLength;
    if (end > this.#buffer.byteLength) {
      const larger = new Uint8Array(2 * end);
      larger.set(this.#buffer.subarray(0, this.#fill));
      this.#buffer = larger;
    }
    this.#buffer.set(lines, this.#fill);
    this.#fill = end;
  }

  /** Level 1: of the higher ones none is worth its time for lines that repeat each other so much. */
  take(): Uint8Array {
    if (this.#fill === 0) return new Uint8Array();
    const packed = gzipSync(this.#buffer.subarray(0, this.#fill), { level: 1 });
    this.#members.push(this.#fill, packed.byteLength);
    this.#plain += this.#fill;
    this.#packed += packed.byteLength;
    this.#fill = 0;
    return packed;
  }

  end(): Uint8Array {
    return this.take();
  }
}

/** Of every second number, from `first` on. */
function sumOf(sizes: readonly number[], first: 0 | 1): number {
  let sum = 0;
  for (let at = first; at < sizes.length; at += 2) sum += sizes[at] ?? 0;
  return sum;
}
