/** Figures and times as the API writes them. */
import { decimalMoney, type Micros } from '../../rules/money';

const CURRENCY = 'EUR';
export const money = (micros: Micros): { amount: string; currency: typeof CURRENCY } => ({
  amount: decimalMoney(micros),
  currency: CURRENCY,
});

export const instant = (at: number): string => new Date(at).toISOString();
export const instantOrNull = (at: number | null): string | null => (at === null ? null : instant(at));

/** @param digits E.164 without plus */
export const e164 = (digits: string): string => `+${digits}`;
