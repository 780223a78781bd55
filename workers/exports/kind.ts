/**
 * What is exported. A kind says which columns its file has and hands on its rows as lines of csv, batch by batch, from any place that it has named
 * before; the engine (write-rows.ts) knows nothing else of it, and a kind knows nothing of files, formats or steps.
 */
import type { TenantId } from '../../schema/ids';
import type { LineFormat } from '../../schema/protocol/message-shard';
import type { Gateways } from '../gateways';
import type { FileColumn } from '../rules/file-columns';
import type { BatchSize } from './batch-size';

export type KindGateways = Pick<Gateways, 'tenant' | 'objects' | 'files'>;

/** Where the next row is to be found: plain data, kept in the checkpoint. */
export type Place = string | number | boolean | null | readonly Place[] | { readonly [name: string]: Place };

export interface LineBatch {
  /** Whole lines, texts neutralised (rules/formulas); good until the next batch is asked for. */
  readonly bytes: Uint8Array;
  /** Whether the bytes are this batch's alone: their memory is given back once they are packed (rules/given-back). */
  readonly isOwn: boolean;
  readonly rows: number;
  /** Behind these rows. */
  readonly place: Place;
}

/** One export's rows. The order is always the same, and rows that came after the export was asked for are not among them. */
export interface RowSource {
  /** At least as many as there are; 0 where counting would take as long as exporting. */
  rowsAtMost(): Promise<number>;
  /** @param from a place of this kind; null = from the first row. @throws ZodError for a place of another shape, which only a bug can have made */
  batches(from: unknown, size: BatchSize): AsyncIterable<LineBatch>;
}

export interface Kind<Request> {
  /** Of the file and of its sheets. */
  readonly name: Readonly<Record<LineFormat['locale'], string>>;
  columnsOf(request: Request): readonly FileColumn[];
  /** @param until ms UTC: rows from this time on are not part of the file */
  open(gateways: KindGateways, tenant: TenantId, request: Request, format: LineFormat, until: number): RowSource;
}
