/** Finds the csv that an uploaded file is, or makes it. What a file is, its content says. */
import { AppError } from '../../schema/errors';
import type { SourceFile } from '../../schema/protocol/task-run';
import type { Gateways } from '../gateways';
import { gunzip } from '../gateways/files/gunzip';
import { PartWriter } from '../gateways/files/part-writer';
import { readXlsx } from '../gateways/spreadsheets';
import { detectEncoding } from '../rules/text-encoding';
import { delimiterOf, HEAD_BYTES, kindOf, refuseDisguise, type FileKind } from './file-head';
import { rawCsvLine } from './raw-csv';
import { UnpackGuard } from './unpack-guard';

/** An uploaded file, and where what comes out of it goes. */
export interface PackedFile {
  /** R2 key of the upload. */
  readonly upload: string;
  /** As the user called it. */
  readonly fileName: string;
  /** R2 key of the csv, where one must be made. */
  readonly csv: string;
  /** R2 key of an xlsx that came inside a .gz, while it is being read. */
  readonly innerBook: string;
}

interface Unpacking extends PackedFile {
  readonly files: Gateways['files'];
  readonly size: number;
  readonly guard: UnpackGuard;
}

/**
 * xlsx, .gz and UTF-16 become UTF-8 csv, everything else is read as it lies. A repeat writes the same bytes over the same object.
 * @param say progress for people: bytes done of bytes to do
 * @throws AppError gone, and what is wrong with the file
 */
export async function unpackSource(
  files: Gateways['files'],
  file: PackedFile,
  say: (done: number, total: number) => Promise<void>,
): Promise<SourceFile> {
  const size = await files.size(file.upload);
  const head = await files.read(file.upload, { offset: 0, length: HEAD_BYTES });
  if (size === null || head === null) throw new AppError('gone');
  const kind = kindOf(head);
  if (kind !== 'gzip') refuseDisguise(file.fileName, kind, null);
  return csvOf({ ...file, files, size, guard: new UnpackGuard(size, say) }, kind, head);
}

async function csvOf(unpacking: Unpacking, kind: FileKind, head: Uint8Array): Promise<SourceFile> {
  const { files, upload, size } = unpacking;
  if (kind === 'text') return plainSource(upload, size, head);
  if (kind === 'zip') return bookToCsv(unpacking, upload, size);
  if (kind === 'gzip') return gzipToCsv(unpacking);
  const stored = await files.stream(upload);
  if (stored === null) throw new AppError('gone');
  return textToCsv(unpacking, head, stored.body);
}

function plainSource(key: string, size: number, head: Uint8Array): SourceFile {
  const detected = detectEncoding(head);
  const { encoding, bomLength } = detected;
  if (encoding !== 'utf-8' && encoding !== 'gb18030') throw new Error('UTF-16 is unpacked first');
  return { key, size, encoding, bomLength, delimiter: delimiterOf(head, detected) };
}

async function bookToCsv({ files, csv, guard }: Unpacking, key: string, size: number): Promise<SourceFile> {
  let total = 0;
  const csvSize = await writing(files, csv, (out) =>
    readXlsx(files, key, size, {
      opened: (bytes) => {
        total = bytes;
      },
      passed: (bytes) => guard.passed(bytes),
      rows: async (rows) => {
        await out.writeText(rows.map(rawCsvLine).join(''));
        await guard.beat(guard.unpacked, total);
      },
    }),
  );
  return { key: csv, size: csvSize, encoding: 'utf-8', bomLength: 0, delimiter: ',' };
}

/** One level of gzip; what lies inside is a book or a text. */
async function gzipToCsv(unpacking: Unpacking): Promise<SourceFile> {
  const { files, upload, size, fileName, guard } = unpacking;
  const stored = await files.stream(upload);
  if (stored === null) throw new AppError('gone');
  let packed = 0;
  const bytes = watched(
    gunzip(stored.body, (length) => {
      packed += length;
    }),
    async (length) => {
      guard.passed(length);
      await guard.beat(packed, size);
    },
  );
  const { head, all } = await peek(bytes, HEAD_BYTES);
  if (head.length === 0) throw new AppError('file_empty');
  const inner = kindOf(head);
  refuseDisguise(fileName, 'gzip', inner);
  if (inner === 'gzip') throw new AppError('file_binary');
  if (inner === 'utf-16') return textToCsv(unpacking, head, all);
  const key = inner === 'zip' ? unpacking.innerBook : unpacking.csv;
  // Told before gigabytes are written.
  if (inner === 'text') plainSource(key, 0, head);
  const written = await writing(files, key, async (out) => {
    for await (const piece of all) await out.write(piece);
  });
  if (inner === 'text') return plainSource(key, written, head);
  const csv = await bookToCsv(unpacking, key, written);
  await files.remove([key]);
  return csv;
}

/** UTF-16 → UTF-8. */
async function textToCsv({ files, csv }: Unpacking, head: Uint8Array, bytes: AsyncIterable<Uint8Array>): Promise<SourceFile> {
  const detected = detectEncoding(head);
  const delimiter = delimiterOf(head, detected);
  const decoder = new TextDecoder(detected.encoding, { fatal: false, ignoreBOM: false });
  const size = await writing(files, csv, async (out) => {
    for await (const piece of bytes) await out.writeText(decoder.decode(piece, { stream: true }));
    await out.writeText(decoder.decode());
  });
  return { key: csv, size, encoding: 'utf-8', bomLength: 0, delimiter };
}

/** @returns the size of what was written; nothing is left of an attempt that failed */
async function writing(files: Gateways['files'], key: string, write: (out: PartWriter) => Promise<void>): Promise<number> {
  const out = new PartWriter(files, key);
  try {
    await write(out);
    return await out.finish();
  } catch (thrown) {
    await out.abort();
    throw thrown;
  }
}

async function* watched(bytes: AsyncIterable<Uint8Array>, look: (length: number) => Promise<void>): AsyncGenerator<Uint8Array> {
  for await (const piece of bytes) {
    await look(piece.length);
    yield piece;
  }
}

/** The first `length` bytes (or all, if there are fewer), and everything from the beginning. */
async function peek(bytes: AsyncGenerator<Uint8Array>, length: number): Promise<{ head: Uint8Array; all: AsyncGenerator<Uint8Array> }> {
  const seen: Uint8Array[] = [];
  let size = 0;
  while (size < length) {
    const next = await bytes.next();
    if (next.done) break;
    seen.push(next.value);
    size += next.value.length;
  }
  const head = new Uint8Array(size);
  let at = 0;
  for (const piece of seen) {
    head.set(piece, at);
    at += piece.length;
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    yield head;
    yield* bytes;
  }
  return { head: head.subarray(0, length), all: all() };
}
