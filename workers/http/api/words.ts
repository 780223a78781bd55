/** Figures and times as the API writes them. */
import type { LogRow } from '../../../schema/protocol/message-shard';
import { FREE_MESSAGE_STATES, type Locale } from '../../../schema/states';
import type { Message } from '../../../schema/api/messages';
import { decimalMoney, type Micros } from '../../rules/money';
import { messageErrorText } from '../../rules/vonage-status';

const CURRENCY = 'EUR';
export const money = (micros: Micros): { amount: string; currency: typeof CURRENCY } => ({
  amount: decimalMoney(micros),
  currency: CURRENCY,
});

export const instant = (at: number): string => new Date(at).toISOString();
export const instantOrNull = (at: number | null): string | null => (at === null ? null : instant(at));

/** @param digits E.164 without plus */
export const e164 = (digits: string): string => `+${digits}`;

export const messageView = (row: LogRow, locale: Locale): Message => ({
  id: row.id,
  // A number that its reader may not see is masked text.
  to: /^\d+$/.test(row.to) ? e164(row.to) : row.to,
  from: row.from,
  kind: row.kind,
  status: row.state,
  error: row.error === null ? null : { code: row.error, text: messageErrorText(row.error, locale) },
  parts: row.parts,
  country: row.country,
  network: row.network,
  price: money(FREE_MESSAGE_STATES.some((free) => free === row.state) ? 0 : row.priceMicros),
  created_at: instant(row.receivedAt),
  submitted_at: instantOrNull(row.submittedAt),
  final_at: instantOrNull(row.finalAt),
  client_ref: row.ref,
  task_id: row.task,
});
