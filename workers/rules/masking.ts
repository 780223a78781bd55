/**
 * What is hidden from whom, for screens, the API and files alike. Two rules: who may not see numbers (role
 * `viewer`) gets them with dots in the middle, and a tenant that masks bodies never gets a one-time code shown in full, whoever asks.
 */
import { seesNumbers, type Actor } from '../../schema/console';
import type { LineFormat, LogRow } from '../../schema/protocol/message-shard';
import type { TrafficKind } from '../../schema/states';
import { maskPhone } from './phone';

export type Masking = Pick<LineFormat, 'maskNumbers' | 'maskBodies'>;

export const maskingFor = (actor: Actor): Masking => ({ maskNumbers: !seesNumbers(actor), maskBodies: actor.masksBodies });

/** Whether something made under `made` shows nothing that `wanted` hides. */
export const hidesEnough = (made: Masking, wanted: Masking): boolean =>
  (made.maskNumbers || !wanted.maskNumbers) && (made.maskBodies || !wanted.maskBodies);

const DOT = '•';
/** A link may itself be the secret: only where it leads is kept. */
const LINK = /(https?:\/\/[^\s/?#]+)[/?#][^\s]*/gi;
/** Scripts that are written without spaces stand beside a code without being part of it; `G-123456` and `123 456` fall apart. */
const TOKEN = /[A-Za-z\p{Nd}]+/gu;
/** A digit anywhere, or capitals alone. */
const CODE = /\p{Nd}|^[A-Z]{4,10}$/u;

/** The body with every code in it dotted. Only transactional messages carry codes. */
export function maskedBody(body: string, kind: TrafficKind): string {
  if (kind !== 'transactional') return body;
  return body.replace(LINK, `$1/${DOT.repeat(3)}`).replace(TOKEN, (token) => (CODE.test(token) ? DOT.repeat(token.length) : token));
}

/** A message as its reader may see it. */
export function shownRow(masking: Masking, row: LogRow): LogRow {
  const to = masking.maskNumbers ? maskPhone(row.to) : row.to;
  const body = masking.maskBodies ? maskedBody(row.body, row.kind) : row.body;
  return to === row.to && body === row.body ? row : { ...row, to, body };
}
