/** What was sent to somebody in a local run: mails and codes to phones. */
import { vi } from 'vitest';
import { latestLocalMails, type LocalMail } from '../../../workers/gateways/stores/local-mails';
import { worldGateways } from '../world';

/** Newest first. @param recipient e-mail, or phone with its plus */
export const mailsTo = (recipient: string): Promise<LocalMail[]> => latestLocalMails(worldGateways().database, recipient, 100);

/** The newest code sent to somebody; waits for one that leaves after its answer. @param count how many were sent before it and with it */
export async function codeTo(recipient: string, count = 1): Promise<string> {
  return vi.waitFor(async () => {
    const mails = await mailsTo(recipient);
    const code = /\b\d{6}\b/.exec(mails[0]?.body ?? '')?.[0];
    if (mails.length < count || code === undefined) throw new Error(`no code for the recipient among ${mails.length} mails`);
    return code;
  });
}

/** Six digits that are not these. */
export const otherCode = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');
