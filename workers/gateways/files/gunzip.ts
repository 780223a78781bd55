/** gzip as a stream. node:zlib, because DecompressionStream refuses files of several members, which many tools write. */
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { AppError } from '../../../schema/errors';

const CHUNK_BYTES = 256 * 1024;

/**
 * @param passed is told how many packed bytes went in
 * @throws AppError file_not_gzip (while it is read) when it is damaged or ends early
 */
export async function* gunzip(packed: ReadableStream<Uint8Array>, passed: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const bytes of packed) {
      passed(bytes.length);
      yield bytes;
    }
  }
  let failure: unknown = null;
  const source = Readable.from(counted(), { objectMode: false });
  const unpacking = createGunzip({ chunkSize: CHUNK_BYTES });
  source.on('error', (thrown) => {
    failure = thrown;
    unpacking.destroy(thrown);
  });
  try {
    for await (const bytes of source.pipe(unpacking)) yield bytes as Uint8Array;
  } catch (thrown) {
    // R2 going away in the middle says nothing about the file.
    if (failure !== null) throw failure;
    throw isZlibError(thrown) ? new AppError('file_not_gzip') : thrown;
  } finally {
    source.destroy();
    unpacking.destroy();
  }
}

const isZlibError = (thrown: unknown): boolean =>
  thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' && thrown.code.startsWith('Z_');
