/** The limits of a key, from what was posted to what the verb takes, and back into the fields. */
import type { JSONObject } from '@builder.io/qwik-city';
import type { FieldError } from '../../schema/errors';
import type { Iso2 } from '../../schema/ids';
import type { KeyLimits, KeyView } from '../../schema/keys';
import { MICROS_PER_UNIT } from '../../workers/rules/money';
import { again, posted, postedList } from './forms';

export interface KeyLimitValues {
  readonly ipAllowlist: string;
  readonly dailyMessages: string;
  /** In units of the currency. */
  readonly dailySpend: string;
  /** ISO codes; none = any. */
  readonly countries: readonly string[];
}

export const keyLimitValues = (
  { ipAllowlist, dailyMessages, dailySpendMicros, countries }: KeyView,
  form: FormData | undefined,
): KeyLimitValues => ({
  ipAllowlist: again(form, 'ipAllowlist', ipAllowlist.join('\n')),
  dailyMessages: again(form, 'dailyMessages', dailyMessages === null ? '' : String(dailyMessages)),
  dailySpend: again(form, 'dailySpend', dailySpendMicros === null ? '' : String(dailySpendMicros / MICROS_PER_UNIT)),
  countries: form ? postedList(form, 'countries') : (countries ?? []),
});

/** Words between blanks, commas and line ends. */
const words = (text: string): string[] => text.split(/[\s,，;；]+/).filter((word) => word !== '');

export function readKeyLimits(form: JSONObject): { limits: KeyLimits } | { wrong: FieldError[] } {
  const cap = (name: string, unit: number): number | null => {
    const text = posted(form, name).trim();
    return text === '' ? null : Math.round(Number(text) * unit);
  };
  const limits: KeyLimits = {
    ipAllowlist: words(posted(form, 'ipAllowlist')),
    dailyMessages: cap('dailyMessages', 1),
    dailySpendMicros: cap('dailySpend', MICROS_PER_UNIT),
    countries: anyOf(postedList(form, 'countries') as Iso2[]),
  };
  // NaN travels into no verb: it would arrive as null, which is no cap at all.
  const wrong = (['dailyMessages', 'dailySpendMicros'] as const)
    .filter((name) => Number.isNaN(limits[name]))
    .map((name): FieldError => ({ field: name === 'dailyMessages' ? name : 'dailySpend', code: 'invalid' }));
  return wrong.length > 0 ? { wrong } : { limits };
}

/** None chosen is no bound. */
export const anyOf = (countries: readonly Iso2[]): readonly Iso2[] | null => (countries.length === 0 ? null : countries);
