/** What a recipient sees as the caller (product "Words"; Vonage SMS API: ≤ 11 alphanumerics or ≤ 15 digits). */

const SENDER_ALPHA_MAX = 11;
const SENDER_DIGITS_MAX = 15;

export type SenderKind = 'alpha' | 'numeric';
type SenderRejection = 'empty' | 'invalid_characters' | 'too_long';
export type ParsedSender = { ok: true; sender: string; kind: SenderKind } | { ok: false; reason: SenderRejection };

/** `+` or `00` in front of digits says "international"; Vonage wants the digits alone. */
const INTERNATIONAL_DIGITS = /^(?:\+|00)(?=\d+$)/;

/**
 * @param raw as typed; spaces are refused even around it, because a carrier would show or drop them.
 * A sender of digits only is numeric, everything else alphanumeric and case-preserving.
 */
export function parseSender(raw: string): ParsedSender {
  if (raw === '') return { ok: false, reason: 'empty' };
  const sender = raw.replace(INTERNATIONAL_DIGITS, '');
  if (!/^[A-Za-z0-9]+$/.test(sender)) return { ok: false, reason: 'invalid_characters' };
  const kind: SenderKind = /^\d+$/.test(sender) ? 'numeric' : 'alpha';
  if (sender.length > (kind === 'numeric' ? SENDER_DIGITS_MAX : SENDER_ALPHA_MAX)) return { ok: false, reason: 'too_long' };
  return { ok: true, sender, kind };
}
