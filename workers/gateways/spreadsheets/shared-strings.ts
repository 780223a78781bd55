/** The strings that the cells of a book share, as bytes: a million JavaScript strings would not leave room for anything else in the isolate. */
import { AppError } from '../../../schema/errors';
import { readXml } from './xml-events';
import type { ZipFile } from './zip-file';

/** Of text; a book with more of it belongs into csv. */
const MAX_BYTES = 48 * 1024 * 1024;
const BLOCK_BYTES = 1024 * 1024;

/** Strings lie one behind the other in blocks; one never crosses into the next block. */
export class StringStore {
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder();
  readonly #blocks: Uint8Array[] = [];
  #used = BLOCK_BYTES;
  #bytes = 0;
  /** Position of each string: block × BLOCK_BYTES + offset; and its length. */
  #starts = new Uint32Array(1024);
  #lengths = new Uint32Array(1024);
  #count = 0;

  /** @throws AppError file_unpacks_too_large */
  add(text: string): void {
    const most = text.length * 3;
    const block = this.#blockFor(most);
    const { written } = this.#encoder.encodeInto(text, block.subarray(this.#used));
    this.#grow();
    this.#starts[this.#count] = (this.#blocks.length - 1) * BLOCK_BYTES + this.#used;
    this.#lengths[this.#count] = written;
    this.#count++;
    this.#used += written;
    this.#bytes += written;
    if (this.#bytes > MAX_BYTES) throw new AppError('file_unpacks_too_large');
  }

  /** '' for a number that was never added. */
  get(index: number): string {
    if (!(index >= 0 && index < this.#count)) return '';
    const start = this.#starts[index] ?? 0;
    const block = this.#blocks[Math.floor(start / BLOCK_BYTES)];
    const offset = start % BLOCK_BYTES;
    return block ? this.#decoder.decode(block.subarray(offset, offset + (this.#lengths[index] ?? 0))) : '';
  }

  /** The open block if `bytes` surely fit into it, else a new one. Excel ends a cell's text at 32 767 characters, so one always fits. */
  #blockFor(bytes: number): Uint8Array {
    if (bytes > BLOCK_BYTES) throw new AppError('file_unpacks_too_large');
    const open = this.#blocks.at(-1);
    if (open && this.#used + bytes <= BLOCK_BYTES) return open;
    const block = new Uint8Array(BLOCK_BYTES);
    this.#blocks.push(block);
    this.#used = 0;
    return block;
  }

  #grow(): void {
    if (this.#count < this.#starts.length) return;
    const starts = new Uint32Array(this.#count * 2);
    starts.set(this.#starts);
    this.#starts = starts;
    const lengths = new Uint32Array(this.#count * 2);
    lengths.set(this.#lengths);
    this.#lengths = lengths;
  }
}

/** @param name of the part in the archive; null when the book has none */
export async function readSharedStrings(zip: ZipFile, name: string | null, passed: (bytes: number) => void): Promise<StringStore> {
  const store = new StringStore();
  if (name === null || !zip.has(name)) return store;
  let text = '';
  let inText = false;
  let inPhonetic = false;
  const xml = readXml({
    open(tag) {
      if (tag === 'si') text = '';
      else if (tag === 't') inText = !inPhonetic;
      else if (tag === 'rPh') inPhonetic = true;
    },
    text(part) {
      if (inText) text += part;
    },
    close(tag) {
      if (tag === 't') inText = false;
      else if (tag === 'rPh') inPhonetic = false;
      else if (tag === 'si') store.add(unescapeCharacters(text));
    },
  });
  await zip.each(name, (bytes) => {
    passed(bytes.length);
    xml.write(bytes);
  });
  xml.end();
  return store;
}

/** `_x000D_` is how Office writes characters that XML cannot hold. */
export const unescapeCharacters = (text: string): string =>
  text.includes('_x') ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))) : text;
