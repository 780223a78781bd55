/**
 * Lines on their way into the file, packed: the file rests in R2 as gzip members of some megabytes of lines each, a tenth of the bytes to
 * upload and to keep. What users fetch is the plain file (unpack-range.ts), for which the sizes of all members are kept.
 */
import { gzipSync } from 'node:zlib';

/** Plain bytes of a member, at least: large enough to pack well, small enough to be unpacked in one piece. */
export const MEMBER_BYTES = 2 * 1024 * 1024;

interface Member {
  readonly packed: Uint8Array;
  /** Plain bytes in it. */
  readonly plain: number;
}

export class PackedLines {
  /** Used again for each member; grows when lines are long. */
  #buffer = new Uint8Array(2 * MEMBER_BYTES);
  #fill = 0;

  /** Plain bytes that are in no member yet. */
  get waiting(): number {
    return this.#fill;
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

  get isFull(): boolean {
    return this.#fill >= MEMBER_BYTES;
  }

  /** Level 1: of the higher ones none is worth its time for lines that repeat each other so much. */
  take(): Member {
    const member = { packed: gzipSync(this.#buffer.subarray(0, this.#fill), { level: 1 }), plain: this.#fill };
    this.#fill = 0;
    return member;
  }
}
