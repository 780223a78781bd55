/** Mails of the platform: plain text, through Cloudflare's e-mail binding; in local runs into the mailbox page's table. */
import { addLocalMail } from './stores/local-mails';
import type { Gateways } from '.';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** @throws when the binding refuses; the text of what it throws is not for logs, for it may name the recipient. */
export async function sendMail({ env, database }: Pick<Gateways, 'env' | 'database'>, mail: Mail, now: number): Promise<void> {
  if (env.ENVIRONMENT === 'local') {
    await addLocalMail(database, { channel: 'mail', recipient: mail.to, subject: mail.subject, body: mail.text, at: now });
    return;
  }
  if (!env.MAIL) throw new Error('the e-mail binding MAIL is missing');
  const from = env.MAIL_FROM ?? `no-reply@${new URL(env.PUBLIC_URL).hostname}`;
  await env.MAIL.send({ from: { name: 'JMC 锦木通信平台', email: from }, to: mail.to, subject: mail.subject, text: mail.text });
}
