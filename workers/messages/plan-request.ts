/** One request of the API as messages: each recipient with its text, parts and price, or the reason why there is none. Pure. */
import type { RowRejection } from '../../schema/errors';
import type { Iso2 } from '../../schema/ids';
import { MAINLAND_COUNTRY, TEXT_MAX_CHARACTERS } from '../../schema/limits';
import type { TextType } from '../../schema/states';
import { measureText } from '../rules/sms-parts';
import { parseTemplate, renderTemplate, type Template } from '../rules/text-variables';
import { judgeRecipient, type PriceList } from './judge-recipient';

export interface RecipientWish {
  readonly input: string;
  /** null: the text is sent as it is, braces and all. */
  readonly variables: Readonly<Record<string, string>> | null;
  readonly ref: string | null;
}

export interface PlannedMessage {
  /** E.164 digits without plus. */
  readonly to: string;
  readonly country: Iso2;
  readonly text: string;
  readonly parts: number;
  /** Micro-EUR of the whole message. */
  readonly priceMicros: number;
  readonly ref: string | null;
}

interface RejectedRecipient {
  readonly input: string;
  readonly code: RowRejection;
  readonly details: Readonly<Record<string, string | number>>;
}

export interface RequestPlan {
  readonly messages: readonly PlannedMessage[];
  readonly rejected: readonly RejectedRecipient[];
}

/** Is this text, as its recipient would read it, one that operators approved for the mainland? */
export type ApprovalCheck = (text: string) => boolean;

/** @param isApproved null = every text may go to the mainland */
export function planRequest(
  text: string,
  textType: TextType,
  recipients: readonly RecipientWish[],
  prices: PriceList,
  isApproved: ApprovalCheck | null = null,
): RequestPlan {
  const messages: PlannedMessage[] = [];
  const rejected: RejectedRecipient[] = [];
  const template = parseTemplate(text);
  const measured = measureText(text, textType);
  for (const { input, variables, ref } of recipients) {
    const refuse = (code: RowRejection, details: RejectedRecipient['details'] = {}): void => void rejected.push({ input, code, details });
    const judged = judgeRecipient(input, prices);
    if (!judged.ok) {
      refuse(judged.reason);
      continue;
    }
    const rendered = variables === null || template.names.length === 0 ? { ok: true as const, text } : filled(template, variables);
    if (!rendered.ok) {
      refuse('variable_missing', { name: rendered.missing.join(', ') });
      continue;
    }
    if (isApproved !== null && judged.country === MAINLAND_COUNTRY && !isApproved(rendered.text)) {
      refuse('not_approved');
      continue;
    }
    const { parts, characters } = rendered.text === text ? measured : measureText(rendered.text, textType);
    if (characters > TEXT_MAX_CHARACTERS) {
      refuse('text_too_long', { max: TEXT_MAX_CHARACTERS });
      continue;
    }
    const { digits: to, country, unitMicros } = judged;
    messages.push({ to, country, text: rendered.text, parts, priceMicros: unitMicros * parts, ref });
  }
  return { messages, rejected };
}

const filled = (template: Template, variables: Readonly<Record<string, string>>): ReturnType<typeof renderTemplate> =>
  renderTemplate(template, Object.keys(variables), Object.values(variables));
