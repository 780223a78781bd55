import type { Actor, ProfileView } from '../../schema/console';
import { AppError } from '../../schema/errors';
import { SIGN_INS_SHOWN } from '../../schema/limits';
import type { Gateways } from '../gateways';
import { signInsOf } from '../gateways/stores/audit';
import { sessionsOf } from '../gateways/stores/sessions';
import { findUser, phonesOf } from '../gateways/stores/users';
import { formatPhone } from '../rules/phone';

/** The actor's own page: who they are, and where they are signed in. */
export async function profile({ database }: Pick<Gateways, 'database'>, actor: Actor, now: number): Promise<ProfileView> {
  const [user, phones, sessions, signIns] = await Promise.all([
    findUser(database, actor.user),
    phonesOf(database, actor.user),
    sessionsOf(database, actor.user, now),
    signInsOf(database, actor.tenant, actor.user, SIGN_INS_SHOWN),
  ]);
  if (!user) throw new AppError('not_signed_in');
  const { name, email, department, role, createdAt, lastSignInAt } = user;
  return {
    name,
    email,
    phones: phones.map(formatPhone),
    department,
    role,
    createdAt,
    lastSignInAt,
    signIns,
    sessions: sessions.map((session) => ({ ...session, current: session.id === actor.session })),
  };
}
