/** AppError → what a page shows: the one place where the console reads an error. */
import type { RequestEventCommon } from '@builder.io/qwik-city';
import { ERRORS, errorText, fieldErrorText, type ErrorCode, type FieldError } from '../../schema/errors';
import { localeOf } from './platform';

export interface Refusal {
  readonly failed: true;
  /** For the whole form; in the user's language. */
  readonly message: string;
  readonly code: ErrorCode;
  /** Text beside a field, by its name. */
  readonly fields: Readonly<Record<string, string>>;
}

interface NamedRefusal {
  readonly code: ErrorCode;
  readonly fields: readonly FieldError[];
  readonly details: Readonly<Record<string, string | number>>;
}

/** Recognised by its name: the Worker and the console are two bundles, so the class is there twice. */
export function namedRefusal(thrown: unknown): NamedRefusal | null {
  if (!(thrown instanceof Error) || thrown.name !== 'AppError') return null;
  const { code, fields = [], details = {} } = thrown as Error & Partial<NamedRefusal>;
  return code !== undefined && code in ERRORS ? { code, fields, details } : null;
}

/** Refusals that are no answer to a form but the end of it: they lead to sign-in or to an error page (entry.worker.tsx). */
const NOT_FOR_FORMS: ReadonlySet<ErrorCode> = new Set(['not_signed_in', 'password_change_required', 'server_error']);

/**
 * Runs a verb for a form.
 * @returns what the verb answers, or the refusal to show
 * @throws whatever is no refusal of this form
 */
export async function attempt<T>(event: RequestEventCommon, verb: () => Promise<T>): Promise<{ done: T } | { refused: Refusal }> {
  try {
    return { done: await verb() };
  } catch (thrown) {
    const refusal = namedRefusal(thrown);
    if (refusal === null || NOT_FOR_FORMS.has(refusal.code)) throw thrown;
    event.status(ERRORS[refusal.code].status);
    return { refused: refusalOf(event, refusal) };
  }
}

/** A refusal that the page itself finds, before any verb runs. */
export function refuseFields(event: RequestEventCommon, fields: readonly FieldError[]): Refusal {
  event.status(400);
  return refusalOf(event, { code: 'invalid_request', fields, details: {} });
}

function refusalOf(event: RequestEventCommon, { code, fields, details }: NamedRefusal): Refusal {
  const locale = localeOf(event);
  return {
    failed: true,
    code,
    message: errorText(code, locale, details),
    fields: Object.fromEntries(fields.map((field) => [field.field, fieldErrorText(field.code, locale, field.details)])),
  };
}
