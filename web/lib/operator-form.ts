/** Posted forms of the operators' pages: their values, and one way to run a verb for them. Server only. */
import type { JSONObject, RequestEventCommon } from '@builder.io/qwik-city';
import type { CarrierAccountId } from '../../schema/ids';
import type { Operator, OperatorServices } from '../../schema/operators';
import { parseMoney } from '../../workers/rules/money';
import { attempt, type Refusal } from './outcome';
import { withQuery } from './paths';
import { operatorOf, operatorServicesOf } from './platform';

/** One entry a line, or between commas and semicolons. */
export const entries = (text: string): string[] =>
  text
    .split(/[\n,;，；]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');

/** Micro-EUR; NaN for what is no amount, so that the verb names the field. */
export const amount = (text: string): number => parseMoney(text) ?? Number.NaN;
/** null = left empty. */
export const optionalAmount = (text: string): number | null => (text.trim() === '' ? null : amount(text));
export const optionalNumber = (text: string): number | null => (text.trim() === '' ? null : Number(text));

/**
 * Runs one verb for a posted form; then the page is shown anew and says so.
 * @param next where to go instead, from what the verb answers
 */
export async function deed<T>(
  event: RequestEventCommon,
  verb: (services: OperatorServices, operator: Operator) => Promise<T>,
  next?: (done: T) => string,
): Promise<Refusal> {
  const operator = operatorOf(event);
  const tried = await attempt(event, () => verb(operatorServicesOf(event), operator));
  if ('refused' in tried) return tried.refused;
  throw event.redirect(303, next ? next(tried.done) : withQuery(event.url, { done: '1', cursor: null }));
}

const ACCOUNT = 'account-';
export const accountField = (id: CarrierAccountId): string => `${ACCOUNT}${id}`;
/** The carrier accounts that were ticked. */
export const postedAccounts = (form: JSONObject): readonly CarrierAccountId[] =>
  Object.keys(form)
    .filter((name) => name.startsWith(ACCOUNT))
    .map((name) => name.slice(ACCOUNT.length) as CarrierAccountId);
