import { seesNumbers, type Actor, type Page } from '../../schema/console';
import type { EndpointId } from '../../schema/ids';
import type { LaneAttempt } from '../../schema/protocol/webhook-lane';
import type { Gateways } from '../gateways';
import { ownEndpoint } from './own-endpoint';

/** Newest first. @param before `n` of the last attempt of the page before @throws AppError not_found */
export async function attemptLog(
  gateways: Pick<Gateways, 'database' | 'objects'>,
  actor: Actor,
  id: EndpointId,
  { before, limit, delivery }: { readonly before: number | null; readonly limit: number; readonly delivery?: string },
): Promise<Page<LaneAttempt>> {
  await ownEndpoint(gateways, actor, id);
  const found = await gateways.objects.webhookLane(id).attempts(before, limit + 1, delivery);
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    // What was sent holds numbers, and what came back may repeat them.
    rows: seesNumbers(actor) ? page : page.map((attempt) => ({ ...attempt, body: '', answer: '', url: new URL(attempt.url).origin })),
    cursor: found.length > limit && last ? String(last.n) : null,
  };
}
