/** The limits of a key, from what was posted to what the verb takes, and back into the fields. */
import type { JSONObject } from '@builder.io/qwik-city';
import type { FieldError } from '../../schema/errors';
import type { Iso2 } from '../../schema/ids';
import type { KeyLimits, KeyView } from '../../schema/keys';
import { MICROS_PER_UNIT } from '../../workers/rules/money';
import { again, posted } from './forms';

export interface KeyLimitValues {
  readonly ipAllowlist: string;
  readonly dailyMessages: string;
  /** In units of the currency. */
  readonly dailySpend: string;
  readonly countries: string;
}

export const keyLimitValues = (
  { ipAllowlist, dailyMessages, dailySpendMicros, countries }: KeyView,
  form: FormData | undefined,
): KeyLimitValues => ({
  ipAllowlist: again(form, 'ipAllowlist', ipAllowlist.join('\n')),
  dailyMessages: again(form, 'dailyMessages', dailyMessages === null ? '' : String(dailyMessages)),
  dailySpend: again(form, 'dailySpend', dailySpendMicros === null ? '' : String(dailySpendMicros / MICROS_PER_UNIT)),
  countries: again(form, 'countries', countries?.join(', ') ?? ''),
});

/** Words between blanks, commas and line ends. */
export const words = (text: string): string[] => text.split(/[\s,，;；]+/).filter((word) => word !== '');

export function readKeyLimits(form: JSONObject): { limits: KeyLimits } | { wrong: FieldError[] } {
  const cap = (name: string, unit: number): number | null => {
    const text = posted(form, name).trim();
    return text === '' ? null : Math.round(Number(text) * unit);
  };
  const limits: KeyLimits = {
    ipAllowlist: words(posted(form, 'ipAllowlist')),
    dailyMessages: cap('dailyMessages', 1),
    dailySpendMicros: cap('dailySpend', MICROS_PER_UNIT),
    countries: countriesOf(posted(form, 'countries')),
  };
  // NaN travels into no verb: it would arrive as null, which is no cap at all.
  const wrong = (['dailyMessages', 'dailySpendMicros'] as const)
    .filter((name) => Number.isNaN(limits[name]))
    .map((name): FieldError => ({ field: name === 'dailyMessages' ? name : 'dailySpend', code: 'invalid' }));
  return wrong.length > 0 ? { wrong } : { limits };
}

const countriesOf = (text: string): Iso2[] | null => {
  const codes = words(text).map((code) => code.toUpperCase() as Iso2);
  return codes.length === 0 ? null : codes;
};
