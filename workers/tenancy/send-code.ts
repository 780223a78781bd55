/** One-time codes on their way to their owner: by mail, or as a message of the platform's own. Never logged. */
import { randomInt } from 'node:crypto';
import type { Gateways } from '../gateways';
import { sendMail } from '../gateways/mail';
import { addLocalMail } from '../gateways/stores/local-mails';
import type { Account, KnownLogin } from '../gateways/stores/users';
import { codeMailText, codeSmsText, type CodePurpose } from './mail-texts';

const CODES = 1_000_000;

/** Six digits, each number as likely as any other. */
export const newCode = (): string => String(randomInt(CODES)).padStart(6, '0');

/** Goes to what was typed: whoever signs in with a phone has it at hand. */
export async function sendCode(
  gateways: Gateways,
  account: Account,
  login: KnownLogin,
  purpose: CodePurpose,
  code: string,
  now: number,
): Promise<void> {
  if ('email' in login) {
    const { subject, text } = codeMailText(account.locale, purpose, code);
    await sendMail(gateways, { to: login.email, subject, text }, now);
    return;
  }
  const text = codeSmsText(account.locale, purpose, code);
  if (gateways.env.ENVIRONMENT === 'local') {
    await addLocalMail(gateways.database, { channel: 'sms', recipient: `+${login.digits}`, subject: '', body: text, at: now });
  }
}
