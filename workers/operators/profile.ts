/** An operator's own page: where they are signed in, and how they read what the platform tells them. */
import { AppError } from '../../schema/errors';
import type { SessionId } from '../../schema/ids';
import type { Operator, OperatorProfile } from '../../schema/operators';
import type { Locale } from '../../schema/states';
import type { Gateways } from '../gateways';
import { endOperatorSession, operatorSessionsOf, saveOperatorPreferences } from '../gateways/stores/operators';
import { isTimeZone } from '../rules/local-time';
import { auditOperator } from './audit';

type Needed = Pick<Gateways, 'database'>;

export async function operatorProfile({ database }: Needed, operator: Operator, now: number): Promise<OperatorProfile> {
  const sessions = await operatorSessionsOf(database, operator.operator, now);
  return { sessions: sessions.map((session) => ({ ...session, current: session.id === operator.session })) };
}

/** @throws invalid_request on `timeZone` */
export async function setOperatorPreferences(
  { database }: Needed,
  operator: Operator,
  wanted: { readonly locale: Locale; readonly timeZone: string },
): Promise<void> {
  if (!isTimeZone(wanted.timeZone)) throw new AppError('invalid_request', { fields: [{ field: 'timeZone', code: 'invalid' }] });
  await saveOperatorPreferences(database, operator.operator, wanted);
}

/** Ends one of the operator's own sessions. @throws not_found for anybody else's as for none */
export async function revokeOperatorSession(gateways: Needed, operator: Operator, session: SessionId, now: number): Promise<void> {
  if (!(await endOperatorSession(gateways.database, operator.operator, session))) throw new AppError('not_found');
  await auditOperator(gateways, operator, { action: 'session_revoked', subject: session }, now);
}
