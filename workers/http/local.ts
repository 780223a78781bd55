/** What a local run shows of itself: the mailbox, the meter, the demo's data. Everywhere else these routes do not exist. */
import type { IRequest } from 'itty-router';
import { AppError } from '../../schema/errors';
import { readMeter, resetMeter } from '../gateways/meter';
import { latestLocalMails } from '../gateways/stores/local-mails';
import { seedDemo } from '../tenancy/seed-demo';
import type { RequestContext } from './context';

const MAILS_SHOWN = 200;
const NO_STORE = { 'cache-control': 'no-store' };

function onlyLocal({ gateways }: RequestContext): void {
  if (gateways.env.ENVIRONMENT !== 'local') throw new AppError('not_found');
}

/** `GET /local/mailbox[?recipient=]` → `{mails: [{channel, recipient, subject, body, code, at}]}`, newest first. */
export async function showMailbox(_request: IRequest, context: RequestContext): Promise<Response> {
  onlyLocal(context);
  const wanted = context.url.searchParams.get('recipient');
  const mails = await latestLocalMails(context.gateways.database, wanted === null ? null : asStored(wanted), MAILS_SHOWN);
  const withCodes = mails.map((mail) => Object.assign(mail, { code: /\b\d{6}\b/.exec(mail.body)?.[0] ?? null }));
  return Response.json({ mails: withCodes }, { headers: NO_STORE });
}

/** An e-mail, or a phone in any writing: in a query a plus that nobody encoded has become a blank. */
const asStored = (recipient: string): string =>
  recipient.includes('@') ? recipient.trim().toLowerCase() : `+${recipient.replace(/\D/g, '')}`;

export function showMeter(_request: IRequest, context: RequestContext): Response {
  onlyLocal(context);
  return Response.json(readMeter(), { headers: NO_STORE });
}

export function clearMeter(_request: IRequest, context: RequestContext): Response {
  onlyLocal(context);
  resetMeter();
  return new Response(null, { status: 204 });
}

/** `POST /local/seed` → logins and keys of the demo's tenants. A repeat answers the same. */
export async function seedLocal(_request: IRequest, context: RequestContext): Promise<Response> {
  onlyLocal(context);
  return Response.json(await seedDemo(context.gateways, Date.now()), { headers: NO_STORE });
}
