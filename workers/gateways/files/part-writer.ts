/**
 * Writes a file of unknown length into R2: in one piece when it is short, else in parts of one size (the last may be shorter). One buffer
 * that is used again.
 */
import { UPLOAD_PART_BYTES } from '../../../schema/limits';
import type { Files, PartReceipt } from '../files';

type Storing = Pick<Files, 'write' | 'beginParts' | 'writePart' | 'completeParts' | 'abortParts'>;

export class PartWriter {
  readonly #files: Storing;
  readonly #key: string;
  readonly #encoder = new TextEncoder();
  readonly #buffer: Uint8Array;
  readonly #parts: PartReceipt[] = [];
  #multipartId: string | null = null;
  #used = 0;
  #size = 0;

  constructor(files: Storing, key: string, partBytes: number = UPLOAD_PART_BYTES) {
    this.#files = files;
    this.#key = key;
    this.#buffer = new Uint8Array(partBytes);
  }

  /** Bytes written so far. */
  get size(): number {
    return this.#size + this.#used;
  }

  async write(bytes: Uint8Array): Promise<void> {
    let from = 0;
    while (from < bytes.length) {
      const piece = bytes.subarray(from, from + this.#buffer.length - this.#used);
      this.#buffer.set(piece, this.#used);
      this.#used += piece.length;
      from += piece.length;
      if (this.#used === this.#buffer.length) await this.#flush();
    }
  }

  async writeText(text: string): Promise<void> {
    // Three bytes a unit are always enough; what fits is encoded in place.
    if (text.length * 3 > this.#buffer.length - this.#used) return this.write(this.#encoder.encode(text));
    this.#used += this.#encoder.encodeInto(text, this.#buffer.subarray(this.#used)).written;
  }

  /** @returns the size of the file */
  async finish(): Promise<number> {
    if (this.#multipartId === null) {
      await this.#files.write(this.#key, this.#buffer.subarray(0, this.#used));
      return this.#used;
    }
    await this.#flush();
    await this.#files.completeParts(this.#key, this.#multipartId, this.#parts);
    return this.#size;
  }

  async abort(): Promise<void> {
    if (this.#multipartId !== null) await this.#files.abortParts(this.#key, this.#multipartId);
  }

  async #flush(): Promise<void> {
    if (this.#used === 0) return;
    this.#multipartId ??= await this.#files.beginParts(this.#key);
    // Waited for before the buffer is written to again.
    const bytes = this.#buffer.subarray(0, this.#used);
    const part = await this.#files.writePart(this.#key, this.#multipartId, this.#parts.length + 1, bytes);
    this.#parts.push(part);
    this.#size += this.#used;
    this.#used = 0;
  }
}
