/** /v1/opt-out-reply: what the tenant answers to whoever wants no more messages. */
import { OptOutReply, OptOutReplyWanted } from '../../../schema/api/account';
import { readOptOutReply, setOptOutReply } from '../../tenancy/opt-out-reply';
import { operation, type Operation } from './operation';

const TAG = 'Blacklist';

const read = operation({
  method: 'GET',
  path: '/v1/opt-out-reply',
  id: 'getOptOutReply',
  tag: TAG,
  summary: { en: 'What is answered to an opt-out', zh: '查询退订自动回复' },
  answers: { 200: { text: 'The reply; null = none.', shape: OptOutReply } },
  errors: [],
  answer: async ({ actor, context }) => ({ status: 200, body: await readOptOutReply(context.gateways, actor) }),
});

const set = operation({
  method: 'PUT',
  path: '/v1/opt-out-reply',
  id: 'setOptOutReply',
  tag: TAG,
  summary: { en: 'Set what is answered to an opt-out', zh: '设置退订自动回复' },
  description:
    'For the whole tenant, sent as a message of the key that sets it, from the number that was written to, at the usual price. Only to a ' +
    'number that was not on the blacklist before, and at most once a day. Nothing is answered unless this was set.',
  body: OptOutReplyWanted,
  answers: { 200: { text: 'The reply as it stands.', shape: OptOutReply } },
  errors: [],
  reach: 'live',
  async answer({ actor, key, context, body }) {
    await setOptOutReply(context.gateways, actor, key.id, body.text);
    return { status: 200, body: await readOptOutReply(context.gateways, actor) };
  },
});

export const OPT_OUT_OPERATIONS: readonly Operation[] = [read, set];
