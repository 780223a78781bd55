/** Asks the carrier what an account holds: Vonage's `GET /account/get-balance` (Account API), which sends and costs nothing. */
import type { Env } from '../../schema/env';
import { CARRIER_TIMEOUT_MS } from '../../schema/limits';
import type { carrierAccounts } from '../../schema/tables';
import { openSecret } from './sealed-secrets';

/** `status` null: the carrier could not be reached. */
export type BalanceAnswer = { readonly ok: true; readonly balance: string } | { readonly ok: false; readonly status: number | null };

export async function askBalance(
  env: Pick<Env, 'DATA_KEY' | 'VONAGE_REST_HOST'>,
  account: Pick<typeof carrierAccounts.$inferSelect, 'apiKey' | 'apiSecretSealed' | 'restHost'>,
): Promise<BalanceAnswer> {
  const secret = await openSecret(env, account.apiSecretSealed);
  const host = (account.restHost || env.VONAGE_REST_HOST).replace(/\/+$/, '');
  const query = new URLSearchParams({ api_key: account.apiKey, api_secret: secret });
  try {
    const answer = await fetch(`${host}/account/get-balance?${query.toString()}`, { signal: AbortSignal.timeout(CARRIER_TIMEOUT_MS) });
    if (!answer.ok) return { ok: false, status: answer.status };
    const { value } = await answer.json<{ value?: unknown }>();
    return typeof value === 'number' || typeof value === 'string'
      ? { ok: true, balance: String(value) }
      : { ok: false, status: answer.status };
  } catch {
    return { ok: false, status: null };
  }
}
