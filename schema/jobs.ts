/** Bodies of queue messages, validated on arrival: a body of an older deployment must not crash a newer consumer. */
import { z } from 'zod';
import type { BlacklistImportId, ExportId, ShardNumber, TaskId, TenantId } from './ids';

const shard = z
  .number()
  .int()
  .positive()
  .transform((n) => n as ShardNumber);
const task = z
  .string()
  .min(1)
  .transform((s) => s as TaskId);
const tenant = z
  .string()
  .min(1)
  .transform((s) => s as TenantId);

/** Send the rows of one leased chunk. Rows travel never: the shard hands them out when the chunk is claimed. */
export const SendJob = z.object({ shard, chunk: z.number().int().positive() });
export type SendJob = z.infer<typeof SendJob>;

/** What the carrier said of one part of one message, as verified by the receipt webhook. */
export const ReceiptJob = z.object({
  /** `client-ref` as it came back: our message id, or anything. */
  ref: z.string().max(64),
  carrierId: z.string().max(64),
  status: z.string().max(32),
  errorCode: z.number().int().nullable(),
  network: z.string().max(16).nullable(),
  /** Carrier's own price, decimal text in EUR; for cost control only. */
  price: z.string().max(32).nullable(),
  receivedAt: z.number().int(),
});
export type ReceiptJob = z.infer<typeof ReceiptJob>;

const checkScope = { tenant, task, revision: z.number().int().nonnegative() };
export const CheckJob = z.discriminatedUnion('step', [
  /** xlsx, gz or UTF-16 → UTF-8 csv in R2. */
  z.object({ step: z.literal('unpack'), ...checkScope }),
  /** Cut the csv into ranges at line ends, from a checkpoint. */
  z.object({ step: z.literal('split'), ...checkScope }),
  /** Parse and place the rows of one range. */
  z.object({
    step: z.literal('range'),
    ...checkScope,
    range: z.number().int().nonnegative(),
    start: z.number().int().nonnegative(),
    end: z.number().int().positive(),
  }),
]);
export type CheckJob = z.infer<typeof CheckJob>;

/** One step of reading a file into the blacklist of a key; the position lies in D1. */
export const BlacklistImportJob = z.object({
  step: z.literal('blacklist'),
  tenant,
  id: z
    .string()
    .min(1)
    .transform((s) => s as BlacklistImportId),
});
export type BlacklistImportJob = z.infer<typeof BlacklistImportJob>;

export const ExportJob = z.object({
  tenant,
  id: z
    .string()
    .min(1)
    .transform((s) => s as ExportId),
});
export type ExportJob = z.infer<typeof ExportJob>;
