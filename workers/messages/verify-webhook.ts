/** Is this webhook really from a carrier of ours? */
import { AppError } from '../../schema/errors';
import type { Gateways } from '../gateways';
import { signatureMatches } from '../gateways/carrier-signature';
import { carrierAccountsByApiKey } from '../gateways/stores/carrier-accounts';

/**
 * A signature older or newer than this is refused. Generous, because a carrier that could not reach us comes back with the parameters of
 * its first try, and because a repeated receipt changes nothing.
 */
const SIGNATURE_AGE_MS = 60 * 60 * 1_000;
const UNSIGNED = 'none';

/** @throws AppError('bad_signature') */
export async function verifyWebhook(
  gateways: Pick<Gateways, 'env' | 'database'>,
  parameters: Readonly<Record<string, string>>,
  now: number,
): Promise<void> {
  const accounts = await carrierAccountsByApiKey(gateways, parameters['api-key'] ?? '');
  for (const { signatureSecret, signatureMethod } of accounts) {
    // The account's webhooks are not signed: operators chose so when they left its signature secret empty.
    if (signatureSecret === '' || signatureMethod === UNSIGNED) return;
    if (isTimely(parameters['timestamp'], now) && signatureMatches(parameters, signatureSecret, signatureMethod)) return;
  }
  throw new AppError('bad_signature');
}

/** @param timestamp seconds since 1970, as text */
function isTimely(timestamp: string | undefined, now: number): boolean {
  if (timestamp === undefined || !/^\d{1,12}$/.test(timestamp)) return false;
  return Math.abs(now - Number(timestamp) * 1_000) <= SIGNATURE_AGE_MS;
}
