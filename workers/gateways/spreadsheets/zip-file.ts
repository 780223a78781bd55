/** A zip in R2, read where it lies: its directory and the entries that are asked for, never the whole. */
import { configure, Reader, ZipReader, type FileEntry } from '@zip.js/zip.js/lib/zip-core-custom.js';
import { AppError } from '../../../schema/errors';
import type { Files } from '../files';

// No web workers in a Worker, and the platform's own inflate.
configure({ useWebWorkers: false, useCompressionStream: true });

/** The directory lies at the end; entries that are read in pieces come in windows of this size. */
const WINDOW_BYTES = 256 * 1024;

class StoredFile extends Reader<string> {
  readonly #files: Pick<Files, 'read' | 'stream'>;
  readonly #key: string;
  #window: { readonly at: number; readonly bytes: Uint8Array } | null = null;
  /** Why the file could not be read; zip.js would make a broken archive of it. */
  failure: unknown = null;

  constructor(files: Pick<Files, 'read' | 'stream'>, key: string, size: number) {
    super(key);
    this.#files = files;
    this.#key = key;
    this.size = size;
  }

  override async readUint8Array(index: number, length: number): Promise<Uint8Array> {
    const wanted = Math.min(length, this.size - index);
    if (wanted <= 0) return new Uint8Array();
    const window = this.#window;
    if (window && index >= window.at && index + wanted <= window.at + window.bytes.length) {
      return window.bytes.subarray(index - window.at, index - window.at + wanted);
    }
    // Zip files are read from the end: the window reaches back from what is asked for, where it can.
    const size = Math.max(wanted, Math.min(WINDOW_BYTES, this.size));
    const at = Math.max(0, Math.min(index, this.size - size));
    const bytes = await this.#kept(this.#files.read(this.#key, { offset: at, length: Math.min(size, this.size - at) }));
    this.#window = { at, bytes };
    return bytes.subarray(index - at, index - at + wanted);
  }

  override createReadable({ offset = 0, size = this.size - offset }: { offset?: number; size?: number } = {}): ReadableStream<Uint8Array> {
    const { readable, writable } = new IdentityTransformStream();
    const copy = async (): Promise<void> => {
      if (size === 0) return writable.close();
      const { body } = await this.#kept(this.#files.stream(this.#key, { offset, length: size }));
      await body.pipeTo(writable);
    };
    // A reader that goes away cancels the copy, and sees itself what else went wrong.
    copy().catch((thrown: unknown) => writable.abort(thrown).catch(() => undefined));
    return readable;
  }

  async #kept<Found>(reading: Promise<Found | null>): Promise<Found> {
    try {
      const found = await reading;
      if (found === null) throw new Error('the uploaded file is gone');
      return found;
    } catch (thrown) {
      this.failure = thrown;
      throw thrown;
    }
  }
}

export interface ZipFile {
  has(name: string): boolean;
  /** Unpacked bytes as the directory declares them: for progress, never for trust. */
  declaredSize(name: string): number;
  /** Whole and small: parts that describe the book. @throws AppError file_unpacks_too_large above `maxBytes` */
  text(name: string, maxBytes: number): Promise<string | null>;
  /** Bytes as they unpack. `take` is waited for, so that nothing piles up. */
  each(name: string, take: (bytes: Uint8Array) => Promise<void> | void): Promise<void>;
}

/** @throws AppError file_not_xlsx when it is no zip, or its directory is broken */
export async function openZip(files: Pick<Files, 'read' | 'stream'>, key: string, size: number): Promise<ZipFile> {
  const entries = new Map<string, FileEntry>();
  const stored = new StoredFile(files, key, size);
  try {
    for (const entry of await new ZipReader(stored).getEntries()) {
      // The first of two equal names counts; names compare without case, as Office does.
      if (!entry.directory && !entries.has(nameOf(entry.filename))) entries.set(nameOf(entry.filename), entry);
    }
  } catch {
    throw stored.failure ?? new AppError('file_not_xlsx');
  }
  const each: ZipFile['each'] = async (name, take) => {
    const entry = entries.get(nameOf(name));
    if (!entry || entry.encrypted) throw new AppError('file_not_xlsx');
    let refusal: unknown = null;
    const sink = new WritableStream<Uint8Array>({
      write: async (bytes) => {
        try {
          await take(bytes);
        } catch (thrown) {
          refusal = thrown;
          throw thrown;
        }
      },
    });
    try {
      await entry.getData(sink);
    } catch (thrown) {
      // What `take` threw, or R2, is the reason; anything else is a broken archive.
      throw refusal ?? stored.failure ?? (thrown instanceof AppError ? thrown : new AppError('file_not_xlsx'));
    }
  };
  return {
    has: (name) => entries.has(nameOf(name)),
    declaredSize: (name) => entries.get(nameOf(name))?.uncompressedSize ?? 0,
    each,
    async text(name, maxBytes) {
      if (!entries.has(nameOf(name))) return null;
      const decoder = new TextDecoder();
      let text = '';
      let read = 0;
      await each(name, (bytes) => {
        read += bytes.length;
        if (read > maxBytes) throw new AppError('file_unpacks_too_large');
        text += decoder.decode(bytes, { stream: true });
      });
      return text + decoder.decode();
    },
  };
}

const nameOf = (name: string): string => name.replace(/^\//, '').toLowerCase();
