/** An operator's new password; their other sessions end with the old one. */
import { AppError, type FieldErrorCode } from '../../schema/errors';
import { PASSWORD_LOCK_MS, PASSWORD_WRONG_TRIES } from '../../schema/limits';
import type { Operator } from '../../schema/operators';
import type { Gateways } from '../gateways';
import { findOperator, replaceOperatorPassword } from '../gateways/stores/operators';
import { refuseLocked } from '../tenancy/login-guards';
import { refuseWeakPassword } from '../tenancy/password-rules';
import { hashPassword, passwordMatches } from '../tenancy/passwords';
import { auditOperator } from './audit';

const refuse = (field: 'oldPassword' | 'password', code: FieldErrorCode): AppError =>
  new AppError('invalid_request', { fields: [{ field, code }] });

/** @param oldPassword null is enough while the first password is still to be changed. @throws invalid_request on `oldPassword` or `password`; locked */
export async function changeOperatorPassword(
  gateways: Pick<Gateways, 'database' | 'objects'>,
  operator: Operator,
  oldPassword: string | null,
  password: string,
  now: number,
): Promise<void> {
  const known = await findOperator(gateways.database, operator.operator);
  if (!known) throw new AppError('not_signed_in');
  if (!known.mustChangePassword) {
    if (!oldPassword) throw refuse('oldPassword', 'required');
    const guard = gateways.objects.accountGuard(known.id);
    refuseLocked(await guard.tryPassword(now, PASSWORD_WRONG_TRIES, PASSWORD_LOCK_MS), now);
    if (!(await passwordMatches(oldPassword, known.passwordHash))) throw refuse('oldPassword', 'invalid');
    await guard.passwordRight('all');
  }
  refuseWeakPassword(password, [known.email, known.name]);
  if (await passwordMatches(password, known.passwordHash)) throw refuse('password', 'password_same');
  await replaceOperatorPassword(gateways.database, known.id, await hashPassword(password), operator.session);
  await auditOperator(gateways, operator, { action: 'password_changed', subject: known.id }, now);
}
