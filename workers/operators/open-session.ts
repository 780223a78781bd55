import type { Operator } from '../../schema/operators';
import type { Gateways } from '../gateways';
import { findOperatorSession } from '../gateways/stores/operators';
import { readOperatorCookie } from './session-cookie';

/** Which operator is behind a request: one D1 query with a cookie, none without. */
export async function openOperatorSession(
  gateways: Pick<Gateways, 'env' | 'database'>,
  request: Request,
  now: number,
): Promise<Operator | null> {
  const named = await readOperatorCookie(gateways, request, now);
  if (!named) return null;
  const found = await findOperatorSession(gateways.database, named.session, named.operator, now);
  if (!found) return null;
  return { ...found, ...named, address: request.headers.get('cf-connecting-ip') ?? '' };
}
