/** The messages of one admitted request: paid and written in one step. When this returns they are safe. */
import { AppError, type BlockReason } from '../../schema/errors';
import type { MessageId } from '../../schema/ids';
import { SCHEDULE_MAX_MS } from '../../schema/limits';
import type { Locale, TextType } from '../../schema/states';
import type { ApiKey } from '../gateways/stores/api-keys';
import { formatMoney } from '../rules/money';
import { acceptedEarlier, acceptMessages, type AcceptGateways, type MessagesWanted } from './accept';
import type { Admitted } from './admit';
import type { PlannedMessage } from './plan-request';

/** What was decided about the request. */
export type Decision = Pick<Admitted, 'blocked' | 'at' | 'takenOver' | 'ticket'>;

export interface RequestWanted {
  readonly sender: string;
  readonly textType: TextType;
  readonly messages: readonly PlannedMessage[];
  readonly own: NonNullable<MessagesWanted['own']>;
  /** ms UTC; null = now. */
  readonly sendAt: number | null;
  /** Unique within the key: the repeat key where there is one, which `isRepeatable` says, else anything new. */
  readonly request: string;
  readonly isRepeatable: boolean;
  /** For whoever takes over, as `acceptedEarlier` tells it. */
  readonly note?: string | null;
  readonly locale: Locale;
}

export interface AcceptedMessage {
  readonly id: MessageId;
  readonly message: PlannedMessage;
  readonly blocked: BlockReason | null;
}

/** A time that is over is now: clocks differ. @throws AppError invalid_request naming `send_at` */
export function scheduledTime(sendAt: string | undefined, now: number): number | null {
  if (sendAt === undefined) return null;
  const at = Date.parse(sendAt);
  if (at > now + SCHEDULE_MAX_MS) throw new AppError('invalid_request', { fields: [{ field: 'send_at', code: 'invalid' }] });
  if (at < now - CLOCK_SLACK_MS) throw new AppError('invalid_request', { fields: [{ field: 'send_at', code: 'in_the_past' }] });
  return at <= now ? null : at;
}
const CLOCK_SLACK_MS = 5 * 60_000;

/** @returns one a message, in order. @throws AppError insufficient_balance: nothing was accepted then */
export async function acceptRequest(
  gateways: AcceptGateways,
  key: ApiKey,
  admitted: Decision,
  wanted: RequestWanted,
): Promise<readonly AcceptedMessage[]> {
  const { sender, textType, messages, own, sendAt, isRepeatable, request, note = null, locale } = wanted;
  if (messages.length === 0) return [];
  const { id, tenant, kind: traffic, carrierAccount, test } = key;
  const repeatKey = isRepeatable ? request : null;
  const blocked = messages.map((_, at) => admitted.blocked[at] ?? null);
  const answer = (ids: readonly MessageId[]): AcceptedMessage[] =>
    messages.flatMap((message, at) => {
      const messageId = ids[at];
      return messageId === undefined ? [] : [{ id: messageId, message, blocked: blocked[at] ?? null }];
    });
  if (admitted.takenOver) {
    const earlier = await acceptedEarlier(gateways, { tenant, key: id, kind: traffic }, admitted.at, request);
    if (earlier) return answer(earlier.ids);
  }
  const rows = messages.map((message, at) => ({ ...message, sender, blocked: blocked[at] ?? null }));
  const options = { isPaid: true, ...(sendAt !== null && { notBefore: sendAt }), ...(note !== null && { note }) };
  const accepted = await acceptMessages(
    gateways,
    { tenant, key: id, traffic, carrierAccount, test, textType, own, messages: rows, repeatKey, options },
    admitted.at,
  );
  if (accepted.ok) return answer(accepted.ids);
  if (admitted.ticket !== null) await gateways.objects.keyGate(id).takeBack(admitted.ticket);
  const needed = messages.reduce((sum, { priceMicros }, at) => sum + (blocked[at] ? 0 : priceMicros), 0);
  const details = { needed: formatMoney(needed, locale), available: formatMoney(accepted.availableMicros, locale) };
  throw new AppError('insufficient_balance', { details });
}
