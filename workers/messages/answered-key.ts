/** Which key wrote to this person: the one whose message an opt-out answers. */
import type { KeyId, TenantId } from '../../schema/ids';
import { OPT_OUT_LOOKBACK_MS, OPT_OUT_SEARCH_MS } from '../../schema/limits';
import type { MessageState, TrafficKind } from '../../schema/states';
import type { InboundRow } from '../gateways/stores/inbound';
import type { LogPosition } from '../rules/log-cursor';
import type { ArchiveGateways } from './archived-shard';
import { logSegments } from './log-segments';
import { mergePage } from './search-merge';

const MARKETING_FIRST: readonly TrafficKind[] = ['marketing', 'transactional'];
/** Messages that may have been read. */
const READ: readonly MessageState[] = ['submitted', 'delivered', 'expired', 'unknown'];

/**
 * The key of the newest advertising that this person had from the number they wrote to; where they never had any, the key of the newest
 * message at all. Advertising first, because a code that came in between is not what people want to hear no more of. What was accepted
 * after they wrote, our own answer among it, does not count: whoever looks again finds the same.
 * @returns null when none is found within OPT_OUT_SEARCH_MS
 */
export async function answeredKey(
  gateways: ArchiveGateways,
  tenant: TenantId,
  { from, to, receivedAt }: Pick<InboundRow, 'from' | 'to' | 'receivedAt'>,
): Promise<KeyId | null> {
  const deadlineAt = Date.now() + OPT_OUT_SEARCH_MS;
  const period = { receivedFrom: receivedAt - OPT_OUT_LOOKBACK_MS, receivedUntil: receivedAt };
  for (const kind of MARKETING_FIRST) {
    let before: LogPosition | null = null;
    do {
      const { rows, next } = await mergePage(
        logSegments(gateways, tenant),
        { to: from, from: to, kind, states: READ, ...period },
        before,
        1,
        deadlineAt,
      );
      const [newest] = rows;
      if (newest) return newest.key;
      before = next;
    } while (before !== null && Date.now() < deadlineAt);
    // Perhaps there was advertising that was not reached: not to be passed over for a code.
    if (before !== null) return null;
  }
  return null;
}
