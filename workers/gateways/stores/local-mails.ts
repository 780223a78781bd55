/** D1, local runs only: what production would have mailed or sent as a code. */
import { desc, eq } from 'drizzle-orm';
import { localMails } from '../../../schema/tables';
import type { Database } from '../database';

export type LocalMail = Omit<typeof localMails.$inferSelect, 'id'>;

export async function addLocalMail(database: Database, mail: LocalMail): Promise<void> {
  await database.insert(localMails).values(mail);
}

/** Newest first. @param recipient null = everybody's */
export const latestLocalMails = (database: Database, recipient: string | null, limit: number): Promise<LocalMail[]> =>
  database
    .select({
      channel: localMails.channel,
      recipient: localMails.recipient,
      subject: localMails.subject,
      body: localMails.body,
      at: localMails.at,
    })
    .from(localMails)
    .where(recipient === null ? undefined : eq(localMails.recipient, recipient))
    .orderBy(desc(localMails.id))
    .limit(limit);
