/** The operators' session cookie: another name, another audience and another table than a user's. */
import type { OperatorId, SessionId } from '../../schema/ids';
import { SESSION_LIFETIME_MS } from '../../schema/limits';
import type { Gateways } from '../gateways';
import { readToken, signToken } from '../gateways/tokens';
import { ATTRIBUTES, cookieValue } from '../tenancy/session-cookie';

const NAME = '__Host-jmc-operator';

/** Complete `Set-Cookie` value. */
export async function operatorCookie(
  { env }: Pick<Gateways, 'env'>,
  session: SessionId,
  operator: OperatorId,
  now: number,
): Promise<string> {
  const token = await signToken(env, 'operator_session', { sid: session, oid: operator }, now, now + SESSION_LIFETIME_MS);
  return `${NAME}=${token}; ${ATTRIBUTES}; Max-Age=${SESSION_LIFETIME_MS / 1000}`;
}

export const forgetfulOperatorCookie = `${NAME}=; ${ATTRIBUTES}; Max-Age=0`;

export async function readOperatorCookie(
  { env }: Pick<Gateways, 'env'>,
  request: Request,
  now: number,
): Promise<{ session: SessionId; operator: OperatorId } | null> {
  const token = cookieValue(request.headers.get('cookie') ?? '', NAME);
  if (token === null) return null;
  const claims = await readToken(env, 'operator_session', token, now);
  if (typeof claims?.['sid'] !== 'string' || typeof claims['oid'] !== 'string') return null;
  return { session: claims['sid'] as SessionId, operator: claims['oid'] as OperatorId };
}
