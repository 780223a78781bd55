/** Where a call wants its receipts: an address that the platform may call, said when there is still somebody to hear it. */
import { CallbackUrl } from '../../../schema/api/common';
import type { Env } from '../../../schema/env';
import { addressError } from '../../rules/public-address';

/** @returns null when receipts may go there */
export const callbackError = (url: string, { ENVIRONMENT }: Pick<Env, 'ENVIRONMENT'>): 'invalid' | 'address_not_public' | null =>
  CallbackUrl.safeParse(url).success ? addressError(url, ENVIRONMENT === 'local') : 'invalid';
