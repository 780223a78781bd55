/** GET /account/get-balance, as the Account API answers it. Unlike /sms/json it says 401 to wrong credentials. */
import { jsonAnswer } from './answer';
import type { Carrier } from './carrier';
import { readParameters } from './parameters';

export async function readBalance(request: Request, { accounts }: Carrier): Promise<Response> {
  const sending = accounts.identify(request.headers.get('authorization'), (await readParameters(request)) ?? {});
  if ('status' in sending) return jsonAnswer('{"error-code":"401","error-code-label":"authentication failed"}', 401);
  return jsonAnswer(JSON.stringify({ value: sending.balanceEur, autoReload: false }));
}
