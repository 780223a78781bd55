/** One endpoint for its page, and what its forms ask for. Server only. */
import type { JSONObject, RequestEventCommon } from '@builder.io/qwik-city';
import type { FieldError } from '../../schema/errors';
import type { EndpointId } from '../../schema/ids';
import type { ReplayWish } from '../../schema/protocol/webhook-lane';
import { parseLocal } from '../../workers/rules/local-time';
import { posted } from './forms';

export const endpointIdOf = (event: RequestEventCommon): EndpointId => (event.params['id'] ?? '') as EndpointId;

/** One delivery, or a period in the user's time. */
export function readReplay(form: JSONObject, timeZone: string): { wish: ReplayWish } | { wrong: FieldError[] } {
  const delivery = posted(form, 'delivery');
  if (delivery !== '') return { wish: { delivery } };
  const from = parseLocal(posted(form, 'from'), timeZone);
  const until = parseLocal(posted(form, 'until'), timeZone);
  if (from === null) return { wrong: [{ field: 'from', code: 'invalid' }] };
  if (until === null || until <= from) return { wrong: [{ field: 'until', code: 'invalid' }] };
  return { wish: { from, until, which: posted(form, 'which') === 'all' ? 'all' : 'failed' } };
}
