/**
 * How far an export has come: everything that is safely in R2, and where to go on from. Written after the bytes it speaks of, so that a
 * step that begins from it neither loses nor doubles a row: whatever a crashed step uploaded beyond it is uploaded again under the
 * same part number.
 */
import { z } from 'zod';
import type { ShardNumber } from '../../schema/ids';

const shard = z
  .number()
  .int()
  .positive()
  .transform((n) => n as ShardNumber);

export const ExportCheckpoint = z.object({
  /** `reading` until all rows are in parts; `joining` while R2 puts the parts together. */
  phase: z.enum(['reading', 'joining']),
  /** R2's id of the multipart upload; null while everything still fits into one part. */
  multipart: z.string().nullable(),
  /** Etags of the parts 1 … n, all of EXPORT_PART_BYTES (the last one shorter when joining). */
  etags: z.array(z.string()),
  /** Bytes after the last part that rows before `position` have made: inline as base64 or, when they are many, in a file of their own. */
  carry: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('inline'), base64: z.string() }),
    z.object({ kind: z.literal('file'), key: z.string(), size: z.number().int().positive() }),
  ]),
  /** The next row is the first one after row `after` of `shard`, or the first of the shard behind it when `after` is null; null = the very first row. */
  position: z.object({ startedAt: z.number().int(), shard, after: z.number().int().nullable() }).nullable(),
  /** Rows written before `position`. */
  rows: z.number().int().nonnegative(),
  /** Plain bytes of those rows and the header: what users fetch. */
  bytes: z.number().int().nonnegative(),
  /** Bytes in R2: the parts and the carry. */
  stored: z.number().int().nonnegative(),
  /** Sizes of the gzip members that the file consists of: plain, packed, plain, packed … */
  members: z.array(z.number().int().positive()),
});
export type ExportCheckpoint = z.infer<typeof ExportCheckpoint>;

export type ExportPosition = NonNullable<ExportCheckpoint['position']>;
