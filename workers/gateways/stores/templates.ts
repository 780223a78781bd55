/** International templates of a tenant, as the task form offers them. */
import { desc, eq } from 'drizzle-orm';
import type { TemplateId, TenantId } from '../../../schema/ids';
import { templates } from '../../../schema/tables';
import type { Database } from '../database';

/** The newest first; the form offers no more than this. */
const OFFERED = 200;

export const templatesOf = (database: Database, tenant: TenantId): Promise<{ id: TemplateId; name: string; body: string }[]> =>
  database
    .select({ id: templates.id, name: templates.name, body: templates.body })
    .from(templates)
    .where(eq(templates.tenantId, tenant))
    .orderBy(desc(templates.updatedAt))
    .limit(OFFERED);
