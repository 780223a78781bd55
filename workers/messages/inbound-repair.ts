/** Cron: what is left of inbound messages when a Worker died, or parts never came. */
import { INBOUND_JOIN_MS, INBOUND_PARTS_KEPT_MS } from '../../schema/limits';
import type { Gateways } from '../gateways';
import { forgetParts, overdueThreads, undoneInbound } from '../gateways/stores/inbound';
import { finish, joinThread } from './inbound';

const AT_ONCE = 100;
/** Whoever took it is still at work until then. */
const UNDONE_MS = 60_000;

export async function finishInbound(
  gateways: Pick<Gateways, 'env' | 'database' | 'objects' | 'queues' | 'files' | 'tenant'>,
  now: number,
): Promise<void> {
  const { database } = gateways;
  for (const thread of await overdueThreads(database, now - INBOUND_JOIN_MS, AT_ONCE)) await joinThread(gateways, thread, true, now);
  for (const message of await undoneInbound(database, now - UNDONE_MS, AT_ONCE)) await finish(gateways, message.id, now);
  await forgetParts(database, now - INBOUND_PARTS_KEPT_MS);
}
