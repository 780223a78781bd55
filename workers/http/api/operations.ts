/** Every call of v1, in the order of the reference page. */
import { ACCOUNT_OPERATIONS } from './account';
import { MESSAGE_OPERATIONS } from './messages';
import type { Operation } from './operation';

export const OPERATIONS: readonly Operation[] = [...MESSAGE_OPERATIONS, ...ACCOUNT_OPERATIONS];
