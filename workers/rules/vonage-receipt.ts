/** A receipt as Vonage would write it, for clients that name a `callback` through the Vonage-compatible face: one for each part. */
import { vonageMessageId } from '../../schema/api/vonage';
import type { LogRow } from '../../schema/protocol/message-shard';
import { FREE_MESSAGE_STATES } from '../../schema/states';
import { MICROS_PER_UNIT } from './money';
import { RECEIPT_ERRORS } from './vonage-status';

const PRICE_DIGITS = 8;
/** `general_error`: ours that Vonage has no code for. */
const OTHER_ERROR = 99;
const BY_ERROR = new Map(RECEIPT_ERRORS.map(({ error, code }) => [error, code]));

const errCode = ({ state, error }: LogRow): number => {
  if (state === 'delivered') return 0;
  return error === null ? OTHER_ERROR : (BY_ERROR.get(error) ?? OTHER_ERROR);
};

/** Every value is text; in the order of the parts. */
export function vonageReceipts(row: LogRow): readonly Readonly<Record<string, string>>[] {
  const at = new Date(row.finalAt ?? row.receivedAt).toISOString();
  const isFree = FREE_MESSAGE_STATES.some((free) => free === row.state);
  const price = isFree ? 0 : row.priceMicros / row.parts / MICROS_PER_UNIT;
  return Array.from({ length: row.parts }, (_, index) => ({
    msisdn: row.to,
    to: row.from,
    'network-code': row.network ?? '',
    messageId: vonageMessageId(row.id, index + 1),
    price: price.toFixed(PRICE_DIGITS),
    status: row.state,
    scts: at.slice(2, 16).replaceAll(/[-T:]/g, ''),
    'err-code': String(errCode(row)),
    'api-key': row.key,
    ...(row.ref !== null && { 'client-ref': row.ref }),
    'message-timestamp': at.slice(0, 19).replace('T', ' '),
  }));
}
