/** Chance, as the knobs set it: which fault a request meets, and what becomes of a message. */
import { DELIVERED } from '../rules/magic-numbers';
import type { Fault, ReceiptPlan } from '../rules/magic-numbers';
import type { Knobs } from './knobs';
import { USUAL_ERROR_CODE, isRefusalStatus } from '../rules/vonage-words';
import type { RefusalStatus } from '../rules/vonage-words';

/** 0 ≤ x < 1. */
export type Random = () => number;

const HTTP_ERRORS: readonly Fault[] = ['http_500', 'http_502', 'http_503'];
const MALFORMED: readonly Fault[] = ['truncated_json', 'html_page', 'no_messages'];
const pick = (faults: readonly Fault[], random: Random): Fault | null => faults[Math.floor(random() * faults.length)] ?? null;
const hits = (share: number, random: Random): boolean => share > 0 && random() < share;

/** One fault a request at most, so their shares add up. */
export function drawFault(knobs: Knobs, random: Random): Fault | null {
  let at = random();
  if ((at -= knobs.httpErrorShare) < 0) return pick(HTTP_ERRORS, random);
  if ((at -= knobs.hangShare) < 0) return 'hang';
  if ((at -= knobs.malformedShare) < 0) return pick(MALFORMED, random);
  if ((at -= knobs.answerLostShare) < 0) return 'answer_lost';
  if ((at -= knobs.answerHangsShare) < 0) return 'answer_hangs';
  return at - knobs.mixedPartsShare < 0 ? 'mixed_parts' : null;
}

export function drawRefusal({ refusals }: Knobs, random: Random): RefusalStatus | null {
  const status = Number(drawCode(refusals, random));
  return isRefusalStatus(status) ? status : null;
}

/** Codes are tried in ascending order; what their shares leave over is nobody's. */
function drawCode(shares: Readonly<Record<string, number>>, random: Random): string | null {
  let at = random();
  for (const code in shares) {
    at -= shares[code] ?? 0;
    if (at < 0) return code;
  }
  return null;
}

type End = Pick<ReceiptPlan, 'status' | 'errCode'>;
const end = (status: 'delivered' | 'expired' | 'rejected' | 'unknown'): End => ({ status, errCode: USUAL_ERROR_CODE[status] });
const ENDS = { delivered: end('delivered'), expired: end('expired'), rejected: end('rejected'), unknown: end('unknown') };
const NEVER: End = { status: null, errCode: 0 };

function drawEnd({ outcomes }: Knobs, random: Random): End {
  if (outcomes.delivered === 1) return ENDS.delivered;
  let at = random();
  if ((at -= outcomes.delivered) < 0) return ENDS.delivered;
  if ((at -= outcomes.expired) < 0) return ENDS.expired;
  if ((at -= outcomes.rejected) < 0) return ENDS.rejected;
  if ((at -= outcomes.unknown) < 0) return ENDS.unknown;
  if ((at -= outcomes.missing) < 0) return NEVER;
  for (const code in outcomes.failed) {
    at -= outcomes.failed[code] ?? 0;
    if (at < 0) return { status: 'failed', errCode: Number(code) };
  }
  return ENDS.delivered;
}

export function drawReceipt(knobs: Knobs, random: Random): ReceiptPlan {
  const last = drawEnd(knobs, random);
  const late = hits(knobs.lateReceiptShare, random);
  const twice = hits(knobs.duplicateReceiptShare, random);
  const after = hits(knobs.outOfOrderReceiptShare, random);
  const before = hits(knobs.bufferedReceiptShare, random);
  const beforeAnswer = hits(knobs.receiptBeforeAnswerShare, random);
  const wrongSignature = hits(knobs.wrongSignatureShare, random);
  if (last === ENDS.delivered && !late && !twice && !after && !before && !beforeAnswer && !wrongSignature) return DELIVERED;
  return { ...last, late, twice, buffered: after ? 'after' : before ? 'before' : 'never', beforeAnswer, wrongSignature };
}
