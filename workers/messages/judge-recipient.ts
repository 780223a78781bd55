/** What one recipient of the API is and costs: estimate and sending ask here, so they agree to the part and the cent. */
import type { RowRejection } from '../../schema/errors';
import type { Iso2 } from '../../schema/ids';
import { parsePhone, type NumberType } from '../rules/phone';

export type JudgedRecipient =
  | { readonly ok: true; readonly digits: string; readonly country: Iso2; readonly type: NumberType; readonly unitMicros: number }
  | { readonly ok: false; readonly reason: RowRejection };

/** What a part costs, by country; null for test keys, which pay nothing. */
export type PriceList = Readonly<Record<string, number>> | null;

export function judgeRecipient(input: string, prices: PriceList): JudgedRecipient {
  const phone = parsePhone(input);
  if (!phone.valid) return { ok: false, reason: phone.reason };
  const { digits, country, type } = phone;
  const unitMicros = prices === null ? 0 : prices[country];
  return unitMicros === undefined ? { ok: false, reason: 'no_price' } : { ok: true, digits, country, type, unitMicros };
}
