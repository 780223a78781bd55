/** A signed-in user's new password; their other sessions end with the old one. */
import type { Actor } from '../../schema/console';
import { AppError, type FieldErrorCode } from '../../schema/errors';
import { PASSWORD_LOCK_MS, PASSWORD_WRONG_TRIES } from '../../schema/limits';
import type { Gateways } from '../gateways';
import { recordAudit } from '../gateways/stores/audit';
import { findUser, replacePassword } from '../gateways/stores/users';
import { refuseLocked } from './login-guards';
import { refuseWeakPassword } from './password-rules';
import { hashPassword, passwordMatches } from './passwords';

const refuse = (field: 'oldPassword' | 'password', code: FieldErrorCode): AppError =>
  new AppError('invalid_request', { fields: [{ field, code }] });

/** @param oldPassword null is enough while the first password is still to be changed. @throws invalid_request on `oldPassword` or `password`; locked */
export async function changePassword(
  { database, objects }: Pick<Gateways, 'database' | 'objects'>,
  actor: Actor,
  oldPassword: string | null,
  password: string,
  now: number,
): Promise<void> {
  const user = await findUser(database, actor.user);
  if (!user) throw new AppError('not_signed_in');
  if (!user.mustChangePassword) {
    if (!oldPassword) throw refuse('oldPassword', 'required');
    // Whoever sits down at an open session must not guess at leisure.
    const guard = objects.accountGuard(actor.user);
    refuseLocked(await guard.tryPassword(now, PASSWORD_WRONG_TRIES, PASSWORD_LOCK_MS), now);
    if (!(await passwordMatches(oldPassword, user.passwordHash))) throw refuse('oldPassword', 'invalid');
    await guard.passwordRight('all');
  }
  refuseWeakPassword(password, [user.email, user.name]);
  if (await passwordMatches(password, user.passwordHash)) throw refuse('password', 'password_same');
  await replacePassword(database, user.id, await hashPassword(password), actor.session);
  const { tenant: tenantId, user: userId, address } = actor;
  await recordAudit(database, { tenantId, userId, action: 'password_changed', subject: userId, address, at: now });
}
