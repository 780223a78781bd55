/** Uploads of one tenant in D1, and their parts. */
import { and, asc, eq, lt, ne } from 'drizzle-orm';
import type { TenantId, UploadId } from '../../../schema/ids';
import type { UploadState } from '../../../schema/states';
import { uploadParts, uploads } from '../../../schema/tables';
import type { Database } from '../database';
import type { PartReceipt } from '../files';

export type UploadRow = typeof uploads.$inferSelect;
export type StoredPart = PartReceipt & { readonly size: number };

export interface UploadStore {
  add(row: Omit<UploadRow, 'tenantId'>): Promise<void>;
  find(id: UploadId): Promise<UploadRow | null>;
  /** In order. */
  parts(id: UploadId): Promise<readonly StoredPart[]>;
  /** The newest write of a part number is the one that counts, as in R2. */
  setPart(id: UploadId, part: StoredPart): Promise<void>;
  forgetParts(id: UploadId): Promise<void>;
  setState(id: UploadId, state: UploadState): Promise<void>;
}

export const uploadsOf = (database: Database, tenant: TenantId): UploadStore => {
  const own = (id: UploadId) => and(eq(uploads.tenantId, tenant), eq(uploads.id, id));
  return {
    async add(row) {
      await database.insert(uploads).values({ ...row, tenantId: tenant });
    },
    async find(id) {
      return (await database.select().from(uploads).where(own(id)).get()) ?? null;
    },
    async parts(id) {
      const { part, etag, size } = uploadParts;
      return database.select({ part, etag, size }).from(uploadParts).where(eq(uploadParts.uploadId, id)).orderBy(asc(part));
    },
    async setPart(id, { part, etag, size }) {
      await database
        .insert(uploadParts)
        .values({ uploadId: id, part, etag, size })
        .onConflictDoUpdate({ target: [uploadParts.uploadId, uploadParts.part], set: { etag, size } });
    },
    async forgetParts(id) {
      await database.delete(uploadParts).where(eq(uploadParts.uploadId, id));
    },
    async setState(id, state) {
      await database.update(uploads).set({ state }).where(own(id));
    },
  };
};

/** For the cron repair alone: uploads of every tenant begun before `at` whose file is still there. */
export const uploadsBegunBefore = (database: Database, at: number, limit: number): Promise<UploadRow[]> =>
  database
    .select()
    .from(uploads)
    .where(and(lt(uploads.createdAt, at), ne(uploads.state, 'aborted')))
    .limit(limit);
