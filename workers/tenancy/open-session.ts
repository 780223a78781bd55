/** Who is behind a request. Every page and every console route begins here: one D1 query with a cookie, none without. */
import type { Actor } from '../../schema/console';
import type { Gateways } from '../gateways';
import { findSession } from '../gateways/stores/sessions';
import { readSessionCookie } from './session-cookie';

/** @returns null when there is no session, it is over or revoked, or its user or tenant is switched off. */
export async function openSession(gateways: Pick<Gateways, 'env' | 'database'>, request: Request, now: number): Promise<Actor | null> {
  const named = await readSessionCookie(gateways, request, now);
  if (!named) return null;
  const found = await findSession(gateways.database, named.session, named.user, now);
  if (!found) return null;
  return { ...found, user: named.user, session: named.session, address: request.headers.get('cf-connecting-ip') ?? '' };
}
