import { AppError } from '../../schema/errors';
import type { CheckJob } from '../../schema/jobs';
import type { SourceFile } from '../../schema/protocol/task-run';
import { innerBookKey, unpackedKey, uploadKey } from '../../schema/storage-keys';
import type { Gateways } from '../gateways';
import { gunzip } from '../gateways/files/gunzip';
import { PartWriter } from '../gateways/files/part-writer';
import { readXlsx } from '../gateways/spreadsheets';
import { detectEncoding } from '../rules/text-encoding';
import { delimiterOf, HEAD_BYTES, kindOf, refuseDisguise, type FileKind } from './file-head';
import { rawCsvLine } from './raw-csv';
import { UnpackGuard } from './unpack-guard';

type Needed = Pick<Gateways, 'files' | 'objects' | 'tenant'>;
type Scope = Pick<CheckJob, 'tenant' | 'task' | 'revision'>;

interface Unpacking {
  readonly files: Gateways['files'];
  readonly upload: string;
  readonly size: number;
  readonly fileName: string;
  readonly scope: Scope;
  readonly guard: UnpackGuard;
}

/**
 * Finds the csv that the file is, or makes it: xlsx, .gz and UTF-16 become UTF-8 csv first, everything else is read as it lies. What a
 * file is, its content says. A repeat writes the same bytes over the same object.
 */
export async function unpackFile(gateways: Needed, scope: Scope): Promise<void> {
  const { files } = gateways;
  const task = gateways.objects.taskRun(scope.task);
  const plan = await task.plan(scope.revision);
  if (plan === null || plan.settings.upload === null) return;
  const upload = uploadKey(scope.tenant, plan.settings.upload);
  const row = await gateways.tenant(scope.tenant).uploads.find(plan.settings.upload);
  const size = await files.size(upload);
  const head = await files.read(upload, { offset: 0, length: HEAD_BYTES });
  if (row === null || size === null || head === null) throw new AppError('gone');
  const kind = kindOf(head);
  if (kind !== 'gzip') refuseDisguise(row.fileName, kind, null);
  const guard = new UnpackGuard(size, (done, total) => task.progress(scope.revision, 'unpacking', done, total));
  const unpacking: Unpacking = { files, upload, size, fileName: row.fileName, scope, guard };
  await task.unpacked(scope.revision, await csvOf(unpacking, kind, head));
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

const csvKey = ({ tenant, task, revision }: Scope): string => unpackedKey(tenant, task, revision);

async function bookToCsv({ files, scope, guard }: Unpacking, key: string, size: number): Promise<SourceFile> {
  let total = 0;
  const csv = await writing(files, csvKey(scope), (out) =>
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
  return { key: csvKey(scope), size: csv, encoding: 'utf-8', bomLength: 0, delimiter: ',' };
}

/** One level of gzip; what lies inside is a book or a text. */
async function gzipToCsv(unpacking: Unpacking): Promise<SourceFile> {
  const { files, upload, size, fileName, scope, guard } = unpacking;
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
  const key = inner === 'zip' ? innerBookKey(scope.tenant, scope.task, scope.revision) : csvKey(scope);
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
async function textToCsv({ files, scope }: Unpacking, head: Uint8Array, bytes: AsyncIterable<Uint8Array>): Promise<SourceFile> {
  const detected = detectEncoding(head);
  const delimiter = delimiterOf(head, detected);
  const decoder = new TextDecoder(detected.encoding, { fatal: false, ignoreBOM: false });
  const size = await writing(files, csvKey(scope), async (out) => {
    for await (const piece of bytes) await out.writeText(decoder.decode(piece, { stream: true }));
    await out.writeText(decoder.decode());
  });
  return { key: csvKey(scope), size, encoding: 'utf-8', bomLength: 0, delimiter };
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
