/**
 * How far an export has come: everything that is safely in R2, and where to go on from. Written after the bytes it speaks of, so that a
 * step that begins from it neither loses nor doubles a row: whatever a crashed step uploaded beyond it is uploaded again under the
 * same part number.
 */
import { z } from 'zod';

const count = z.number().int().nonnegative();

/** A sheet of a workbook, finished or being written. */
const SheetState = z.object({
  /** Where its entry begins in the file. */
  offset: count,
  /** Of the unpacked bytes so far. */
  crc: count,
  packed: count,
  plain: count,
  /** Its title row included. */
  rows: count,
});
export type SheetState = Readonly<z.infer<typeof SheetState>>;

const BookState = z.object({
  /** Finished ones. */
  sheets: z.array(SheetState).readonly(),
  open: SheetState.nullable(),
  /** Of the file so far. */
  bytes: count,
});
export type BookState = Readonly<z.infer<typeof BookState>>;

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
  /** Where the next row is to be found, as the kind of the export says it (kinds.ts); null = the very first row. */
  position: z.json(),
  /** Rows written before `position`. */
  rows: z.number().int().nonnegative(),
  /** What users fetch of those rows and the header. */
  bytes: z.number().int().nonnegative(),
  /** Bytes in R2: the parts and the carry. */
  stored: z.number().int().nonnegative(),
  /** Sizes of the gzip members that a csv consists of: plain, packed, plain, packed … */
  members: z.array(z.number().int().positive()).readonly(),
  /** All rows and the end of the file are in the bytes: only the joining is left. */
  ended: z.boolean().default(false),
  /** The workbook that an xlsx is becoming; its last step forgets it. */
  book: BookState.nullable().default(null),
});
export type ExportCheckpoint = z.infer<typeof ExportCheckpoint>;
