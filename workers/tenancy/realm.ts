/** Whose door it is. Tenants' users and operators sign in by the same steps; nothing that one of the two doors gives out opens the other. */
import type { Locale } from '../../schema/states';
import type { Database } from '../gateways/database';
import { findOperatorAccount } from '../gateways/stores/operators';
import { findAccount, type KnownLogin } from '../gateways/stores/users';

export interface SignInAccount {
  readonly id: string;
  readonly locale: Locale;
  readonly passwordHash: string;
}

export interface Realm {
  /** Stands in challenges and in the names of guards. */
  readonly name: 'console' | 'operators';
  find(database: Database, login: KnownLogin): Promise<SignInAccount | null>;
}

export const CONSOLE: Realm = { name: 'console', find: findAccount };
export const OPERATORS: Realm = { name: 'operators', find: findOperatorAccount };
