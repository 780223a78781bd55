/** A message as the API and its webhooks write it. */
import type { Message } from '../../schema/api/messages';
import type { LogRow } from '../../schema/protocol/message-shard';
import { FREE_MESSAGE_STATES, type Locale } from '../../schema/states';
import { decimalMoney } from './money';
import { messageErrorText } from './vonage-status';

const instant = (at: number): string => new Date(at).toISOString();
const instantOrNull = (at: number | null): string | null => (at === null ? null : instant(at));

export const messageView = (row: LogRow, locale: Locale): Message => ({
  id: row.id,
  // A number that its reader may not see is masked text.
  to: /^\d+$/.test(row.to) ? `+${row.to}` : row.to,
  from: row.from,
  kind: row.kind,
  status: row.state,
  error: row.error === null ? null : { code: row.error, text: messageErrorText(row.error, locale) },
  parts: row.parts,
  country: row.country,
  network: row.network,
  price: { amount: decimalMoney(FREE_MESSAGE_STATES.some((free) => free === row.state) ? 0 : row.priceMicros), currency: 'EUR' },
  created_at: instant(row.receivedAt),
  submitted_at: instantOrNull(row.submittedAt),
  final_at: instantOrNull(row.finalAt),
  client_ref: row.ref,
  task_id: row.task,
});
