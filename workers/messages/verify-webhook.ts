/** Is this webhook really from a carrier of ours? */
import { AppError } from '../../schema/errors';
import type { Gateways } from '../gateways';
import { signatureMatches } from '../gateways/carrier-signature';
import { carrierAccountsByApiKey } from '../gateways/stores/carrier-accounts';
import { isTimely } from '../rules/signature-time';

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
