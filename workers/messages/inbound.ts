/** A message from a handset, as the carrier's webhook brings it: stored first, then acted on. Everything may come twice. */
import type { Gateways } from '../gateways';
import { addInbound, addPart, findInbound, joinInbound, openParts, type NewInbound } from '../gateways/stores/inbound';
import { INBOUND_PARTS_MAX } from '../../schema/limits';
import { joinParts } from '../rules/joined-parts';
import { isOptOut } from '../rules/opt-out';
import { actOnInbound } from './act-on-inbound';
import { tenantOfNumber } from './inbound-tenant';

type Reads = Pick<Gateways, 'env' | 'database' | 'objects' | 'queues' | 'files' | 'tenant'>;
type Parameters = Readonly<Record<string, string>>;

const NUMBER = /^\d{3,15}$/;
const ID_MAX = 64;

/**
 * @returns `taken`, also while parts are awaited; `unreadable` when it is no message: acknowledged, for the carrier would send it for a day
 * @throws when it could not be stored: the carrier sends it again
 */
export async function receiveMessage(gateways: Reads, parameters: Parameters, now: number): Promise<'taken' | 'unreadable'> {
  const id = parameters['messageId'] ?? '';
  const from = (parameters['msisdn'] ?? '').replace(/^(\+|00)/, '');
  const to = (parameters['to'] ?? '').replace(/^\+/, '');
  if (id === '' || id.length > ID_MAX || !NUMBER.test(from) || to === '' || to.length > ID_MAX) return 'unreadable';
  const body = parameters['text'] ?? '';
  const piece = partOf(parameters);
  if (piece === null) {
    await addInbound(gateways.database, await whole(gateways, { id, from, to, body, parts: 1, complete: true, receivedAt: now }));
    await finish(gateways, id, now);
    return 'taken';
  }
  const { total, part, reference } = piece;
  const thread = [parameters['api-key'] ?? '', from, to, reference, total].join(' ');
  await addPart(gateways.database, { id, thread, from, to, total, part, body, receivedAt: now });
  await joinThread(gateways, { thread, from, to, total }, false, now);
  return 'taken';
}

/** @param isOverdue what is missing will not come */
export async function joinThread(
  gateways: Reads,
  { thread, from, to, total }: { readonly thread: string; readonly from: string; readonly to: string; readonly total: number },
  isOverdue: boolean,
  now: number,
): Promise<void> {
  const joined = joinParts(await openParts(gateways.database, thread), total, isOverdue);
  if (!joined) return;
  const { id, text: body, parts, isComplete: complete, receivedAt } = joined;
  const message = await whole(gateways, { id, from, to, body, parts: parts.length, complete, receivedAt });
  await joinInbound(
    gateways.database,
    message,
    parts.map((one) => one.id),
  );
  await finish(gateways, id, now);
}

async function whole(gateways: Reads, message: Omit<NewInbound, 'tenantId' | 'optOut'>): Promise<NewInbound> {
  return { ...message, tenantId: await tenantOfNumber(gateways, message.to), optOut: isOptOut(message.body) };
}

/** What could not be done now is done by the repair: the message is safe, and the carrier need not come again. */
export async function finish(gateways: Reads, id: string, now: number): Promise<void> {
  const message = await findInbound(gateways.database, id);
  if (!message || message.doneAt !== null) return;
  try {
    await actOnInbound(gateways, message, now);
  } catch (thrown) {
    console.error(JSON.stringify({ inbound: 'later', unexpected: thrown instanceof Error ? thrown.name : typeof thrown }));
  }
}

function partOf(parameters: Parameters): { total: number; part: number; reference: string } | null {
  if (parameters['concat'] !== 'true') return null;
  const total = Number(parameters['concat-total']);
  const part = Number(parameters['concat-part']);
  const isPart = Number.isInteger(total) && Number.isInteger(part) && total > 1 && total <= INBOUND_PARTS_MAX && part >= 1 && part <= total;
  // A part that does not say which one it is stands for itself: better in pieces than lost.
  return isPart ? { total, part, reference: (parameters['concat-ref'] ?? '').slice(0, ID_MAX) } : null;
}
