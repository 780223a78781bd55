/** The people of the actor's own tenant: an owner invites, changes and shuts out; nobody else sees them. */
import type { Actor } from '../../schema/console';
import { AppError } from '../../schema/errors';
import type { UserId } from '../../schema/ids';
import type { NewUserForm, UserForm, UserItem } from '../../schema/operators';
import type { Gateways } from '../gateways';
import { recordDeed } from '../gateways/stores/audit';
import { addUser, changeUser, listUsers, renewFirstPassword } from './keep-users';

type Needed = Pick<Gateways, 'env' | 'database'>;

function onlyOwner({ role }: Actor): void {
  if (role !== 'owner') throw new AppError('forbidden');
}

/** Oldest first. @throws forbidden */
export async function ownUsers(gateways: Needed, actor: Actor): Promise<readonly UserItem[]> {
  onlyOwner(actor);
  return listUsers(gateways, actor.tenant);
}

export async function inviteUser(gateways: Needed, actor: Actor, form: NewUserForm, now: number): Promise<UserId> {
  onlyOwner(actor);
  const user = await addUser(gateways, actor.tenant, form, now);
  await recordDeed(gateways.database, actor, { action: 'user_added', subject: user, after: { role: form.role } }, now);
  return user;
}

/** @throws conflict for one's own role and switch: nobody locks themselves out by a slip */
export async function changeOwnUser(gateways: Needed, actor: Actor, id: UserId, form: UserForm, now: number): Promise<void> {
  onlyOwner(actor);
  if (id === actor.user && (form.role !== 'owner' || !form.enabled)) throw new AppError('conflict');
  const change = await changeUser(gateways, actor.tenant, id, form, now, actor.session);
  await recordDeed(gateways.database, actor, { action: 'user_changed', subject: id, ...change }, now);
}

/** @throws conflict for one's own: that is what changing the password is for */
export async function renewOwnUser(gateways: Needed, actor: Actor, id: UserId, now: number): Promise<void> {
  onlyOwner(actor);
  if (id === actor.user) throw new AppError('conflict');
  await renewFirstPassword(gateways, actor.tenant, id, now);
  await recordDeed(gateways.database, actor, { action: 'password_renewed', subject: id }, now);
}
