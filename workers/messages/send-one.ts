/** One message for the faces that know no lists: the original endpoints and the Vonage-compatible one. Outcomes are values; each face has its own words for them. */
import { AppError, type BlockReason, type RowRejection } from '../../schema/errors';
import type { MessageId } from '../../schema/ids';
import type { KeyCredential } from '../../schema/protocol/objects';
import type { Locale, TextType } from '../../schema/states';
import { rememberedPrices, type ApiKey } from '../gateways/stores/api-keys';
import type { Gateways } from '../gateways';
import type { AcceptGateways, MessagesWanted } from './accept';
import { acceptRequest } from './accept-request';
import { admitRequest } from './admit';
import { approvalCheck } from './mainland-approval';
import { planRequest, type PlannedMessage } from './plan-request';

export interface OneWanted {
  readonly sender: string;
  readonly to: string;
  readonly text: string;
  readonly textType: TextType;
  readonly ref: string | null;
  readonly own: NonNullable<MessagesWanted['own']>;
}

export type OneOutcome =
  /** Nothing was wanted, and the key may. */
  | { readonly kind: 'admitted' }
  | { readonly kind: 'accepted'; readonly id: MessageId; readonly message: PlannedMessage }
  | { readonly kind: 'blocked'; readonly reason: BlockReason; readonly message: PlannedMessage }
  | { readonly kind: 'rejected'; readonly code: RowRejection }
  | { readonly kind: 'refused'; readonly why: 'unknown_key' | 'disabled' | 'bad_secret' | 'bad_signature' | 'address_refused' }
  | { readonly kind: 'rate_limited'; readonly retryAfterMs: number }
  | { readonly kind: 'insufficient_balance' };

export interface Asker {
  readonly key: ApiKey;
  readonly credential: KeyCredential;
  readonly address: string;
  readonly locale: Locale;
  /** New for every request. */
  readonly request: string;
}

/** @param wanted null: only asks whether the key may, for a request that is wrong in itself or that only reads */
export async function sendOne(
  gateways: AcceptGateways & Pick<Gateways, 'env'>,
  asker: Asker,
  wanted: OneWanted | null,
): Promise<OneOutcome> {
  const { key, credential, address, locale, request } = asker;
  const plan = wanted && (await planOf(gateways, key, wanted));
  const verdict = await admitRequest(gateways, key, { credential, address, repeat: null }, plan?.messages ?? []);
  switch (verdict.kind) {
    case 'rate_limited':
      return { kind: 'rate_limited', retryAfterMs: verdict.retryAfterMs };
    case 'admitted':
      break;
    case 'replayed':
    case 'in_progress':
    case 'other_request':
      throw new Error('a key knows a repeat of a request that cannot be repeated');
    case 'unknown_key':
    case 'disabled':
    case 'bad_secret':
    case 'bad_signature':
    case 'address_refused':
      return { kind: 'refused', why: verdict.kind };
  }
  if (!wanted || !plan) return { kind: 'admitted' };
  const [rejected] = plan.rejected;
  if (rejected) return { kind: 'rejected', code: rejected.code };
  const { sender, textType, own } = wanted;
  try {
    const [accepted] = await acceptRequest(gateways, key, verdict, {
      sender,
      textType,
      messages: plan.messages,
      own,
      sendAt: null,
      request,
      isRepeatable: false,
      locale,
    });
    if (!accepted) throw new Error('one message was planned and none accepted');
    const { id, message, blocked } = accepted;
    return blocked === null ? { kind: 'accepted', id, message } : { kind: 'blocked', reason: blocked, message };
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'insufficient_balance') return { kind: 'insufficient_balance' };
    throw thrown;
  }
}

async function planOf(gateways: AcceptGateways & Pick<Gateways, 'env'>, key: ApiKey, { sender, to, text, textType, ref }: OneWanted) {
  const prices = key.test ? null : await rememberedPrices(gateways, key.tenant);
  // These faces know no variables: braces are text.
  return planRequest(text, textType, [{ input: to, variables: null, ref }], prices, await approvalCheck(gateways, key, sender));
}
