/** R2: whole objects, ranges and multipart uploads, counted. Keys come from schema/storage-keys and nowhere else. */
import type { Env } from '../../schema/env';
import { count } from './meter';

export interface PartReceipt {
  readonly part: number;
  readonly etag: string;
}

interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

interface FileStream {
  readonly body: ReadableStream<Uint8Array>;
  /** Of the whole object. */
  readonly size: number;
}

export interface Files {
  /** null when there is no such object. A range that reaches behind the end is cut. */
  read(key: string, range?: ByteRange): Promise<Uint8Array | null>;
  stream(key: string, range?: ByteRange): Promise<FileStream | null>;
  size(key: string): Promise<number | null>;
  write(key: string, content: Uint8Array | string): Promise<void>;
  /** Keeps what is there: of two writers the first one wins. @returns whether this was the first */
  writeOnce(key: string, content: string): Promise<boolean>;
  remove(keys: readonly string[]): Promise<void>;
  /** Keys in order. */
  list(prefix: string): AsyncGenerator<string>;
  /** @returns R2's id of the multipart upload */
  beginParts(key: string): Promise<string>;
  /** Parts are numbered from 1, equally long except the last, at least 5 MiB. A stream is passed on as it comes, never held. */
  writePart(key: string, multipartId: string, part: number, body: ReadableStream | ArrayBuffer | Uint8Array): Promise<PartReceipt>;
  completeParts(key: string, multipartId: string, parts: readonly PartReceipt[]): Promise<void>;
  /** Also when it is already gone. */
  abortParts(key: string, multipartId: string): Promise<void>;
}

/** R2 deletes this many keys a call. */
const DELETE_BATCH = 1_000;

export const makeFiles = ({ FILES: bucket }: Pick<Env, 'FILES'>): Files => {
  const open = (key: string, range?: ByteRange): Promise<R2ObjectBody | null> => {
    count('r2Reads');
    return bucket.get(key, range ? { range: { offset: range.offset, length: range.length } } : {});
  };
  return {
    async read(key, range) {
      const found = await open(key, range);
      return found === null ? null : new Uint8Array(await found.arrayBuffer());
    },
    async stream(key, range) {
      const found = await open(key, range);
      return found === null ? null : { body: found.body, size: found.size };
    },
    async size(key) {
      count('r2Reads');
      return (await bucket.head(key))?.size ?? null;
    },
    async write(key, content) {
      count('r2Writes');
      await bucket.put(key, content);
    },
    async writeOnce(key, content) {
      count('r2Writes');
      return (await bucket.put(key, content, { onlyIf: { etagDoesNotMatch: '*' } })) !== null;
    },
    async remove(keys) {
      for (let at = 0; at < keys.length; at += DELETE_BATCH) await bucket.delete(keys.slice(at, at + DELETE_BATCH));
    },
    async *list(prefix) {
      let cursor: string | undefined;
      do {
        count('r2Writes');
        const page: R2Objects = await bucket.list({ prefix, ...(cursor === undefined ? {} : { cursor }) });
        for (const { key } of page.objects) yield key;
        cursor = page.truncated ? page.cursor : undefined;
      } while (cursor !== undefined);
    },
    async beginParts(key) {
      count('r2Writes');
      return (await bucket.createMultipartUpload(key)).uploadId;
    },
    async writePart(key, multipartId, part, body) {
      count('r2Writes');
      const { etag } = await bucket.resumeMultipartUpload(key, multipartId).uploadPart(part, body);
      return { part, etag };
    },
    async completeParts(key, multipartId, parts) {
      count('r2Writes');
      const uploaded = parts.map(({ part, etag }) => ({ partNumber: part, etag }));
      await bucket.resumeMultipartUpload(key, multipartId).complete(uploaded);
    },
    async abortParts(key, multipartId) {
      await bucket
        .resumeMultipartUpload(key, multipartId)
        .abort()
        .catch(() => undefined);
    },
  };
};
