/** Whose door it is. Tenants' users and operators sign in by the same steps; nothing that one of the two doors gives out opens the other. */
import type { OperatorId, TenantId, UserId } from '../../schema/ids';
import type { Locale } from '../../schema/states';
import type { Database } from '../gateways/database';
import type { AuditEntry } from '../gateways/stores/audit';
import { findOperatorAccount, replaceOperatorPassword } from '../gateways/stores/operators';
import { findAccount, replacePassword, type KnownLogin } from '../gateways/stores/users';

export interface SignInAccount {
  readonly id: string;
  /** null of an operator. */
  readonly tenant: TenantId | null;
  readonly name: string;
  readonly email: string;
  readonly locale: Locale;
  readonly passwordHash: string;
}

export interface Realm {
  /** Stands in challenges and in the names of guards. */
  readonly name: 'console' | 'operators';
  find(database: Database, login: KnownLogin): Promise<SignInAccount | null>;
  /** With it every session of the account is over. */
  replacePassword(database: Database, account: SignInAccount, passwordHash: string): Promise<void>;
  /** How the audit log names whoever acts. */
  who(account: SignInAccount): Pick<AuditEntry, 'tenantId' | 'userId' | 'operatorId'>;
}

export const CONSOLE: Realm = {
  name: 'console',
  find: findAccount,
  replacePassword: (database, { id }, passwordHash) => replacePassword(database, id as UserId, passwordHash, null),
  who: ({ id, tenant }) => ({ tenantId: tenant, userId: id as UserId }),
};
export const OPERATORS: Realm = {
  name: 'operators',
  find: async (database, login) => {
    const found = await findOperatorAccount(database, login);
    return found && { ...found, tenant: null };
  },
  replacePassword: (database, { id }, passwordHash) => replaceOperatorPassword(database, id as OperatorId, passwordHash, null),
  who: ({ id }) => ({ tenantId: null, userId: null, operatorId: id as OperatorId }),
};
