/** The console's verbs about endpoints and inbound messages. */
import { AppError } from '../../schema/errors';
import { managesKeys } from '../../schema/keys';
import { PAGE_ROWS } from '../../schema/limits';
import type { WebhookServices } from '../../schema/webhooks';
import type { Gateways } from '../gateways';
import { listInbound } from '../messages/list-inbound';
import { readOptOutReply, setOptOutReply } from '../tenancy/opt-out-reply';
import { attemptLog } from '../webhooks/attempt-log';
import { createEndpoint } from '../webhooks/create-endpoint';
import { deleteEndpoint } from '../webhooks/delete-endpoint';
import { editEndpoint } from '../webhooks/edit-endpoint';
import { endpointsOf, showEndpoint } from '../webhooks/list-endpoints';
import { replayDeliveries } from '../webhooks/replay';
import { replaceSecret } from '../webhooks/secrets';
import { testEndpoint } from '../webhooks/test-endpoint';

export const bindWebhooks = (gateways: Gateways): WebhookServices => ({
  list: (actor) => endpointsOf(gateways, actor),
  find: (actor, id) => showEndpoint(gateways, actor, id),
  create: (actor, form) => createEndpoint(gateways, actor, form, Date.now()),
  edit: (actor, id, form) => editEndpoint(gateways, actor, id, form, Date.now()),
  remove: (actor, id) => deleteEndpoint(gateways, actor, id, Date.now()),
  replaceSecret: (actor, owner) => replaceSecret(gateways, actor, owner, Date.now()),
  sendTest: (actor, id) => testEndpoint(gateways, actor, id, Date.now()),
  attempts: (actor, id, cursor, delivery) =>
    attemptLog(gateways, actor, id, { before: attemptNumber(cursor), limit: PAGE_ROWS, ...(delivery !== undefined && { delivery }) }),
  replay: (actor, id, wish) => replayDeliveries(gateways, actor, id, wish, Date.now()),
  inbound: (actor, cursor) => listInbound(gateways, actor, cursor, PAGE_ROWS),
  optOutReply: (actor) => readOptOutReply(gateways, actor),
  async setOptOutReply(actor, key, text) {
    if (!managesKeys(actor)) throw new AppError('forbidden');
    await setOptOutReply(gateways, actor, key, text);
  },
});

/** @throws AppError invalid_request naming `cursor` */
function attemptNumber(cursor: string | null): number | null {
  if (cursor === null) return null;
  if (!/^\d{1,15}$/.test(cursor)) throw new AppError('invalid_request', { fields: [{ field: 'cursor', code: 'invalid' }] });
  return Number(cursor);
}
