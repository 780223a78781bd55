import type { Operator } from '../../schema/operators';
import type { Gateways } from '../gateways';
import { endOperatorSession } from '../gateways/stores/operators';
import { auditOperator } from './audit';
import { forgetfulOperatorCookie } from './session-cookie';

/** @returns the `Set-Cookie` value that forgets the session */
export async function operatorSignOut(gateways: Pick<Gateways, 'database'>, operator: Operator, now: number): Promise<string> {
  await endOperatorSession(gateways.database, operator.operator, operator.session);
  await auditOperator(gateways, operator, { action: 'sign_out', subject: operator.session }, now);
  return forgetfulOperatorCookie;
}
