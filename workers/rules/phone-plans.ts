/**
 * The numbering plans of libphonenumber-js, compiled once into anchored regular expressions, so that a number is judged without building
 * the library's objects for each row. The order of checks is the library's (`extractNationalNumber`, `getCountryByNationalNumber`,
 * `getNumberType`); tests compare the two on every example number and on random ones.
 *
 * All expressions are sticky and run on the whole number from behind its calling code: nothing is sliced.
 */
import metadata from 'libphonenumber-js/metadata.max.json';
import type { Iso2 } from '../../schema/ids';

/** What a number is for; `fixed_line_or_mobile` where the plan does not tell them apart (most of +1). */
export type NumberType =
  | 'mobile'
  | 'fixed_line'
  | 'fixed_line_or_mobile'
  | 'premium_rate'
  | 'toll_free'
  | 'shared_cost'
  | 'voip'
  | 'personal_number'
  | 'pager'
  | 'uan'
  | 'voicemail';

/** Where each type stands in the metadata, in the order in which the library tries them after fixed lines. */
const TYPES_AFTER_FIXED: readonly (readonly [NumberType, number])[] = [
  ['mobile', 1],
  ['premium_rate', 3],
  ['toll_free', 2],
  ['shared_cost', 9],
  ['voip', 8],
  ['personal_number', 4],
  ['pager', 7],
  ['uan', 6],
  ['voicemail', 5],
];
const FIXED = 0;
const MOBILE = 1;

/** One entry of the packed metadata: see the library's METADATA.md. Absent values are 0. */
type PackedType = readonly [pattern: string, lengths?: readonly number[] | 0];
type PackedPlan = readonly unknown[];

interface TypeMatcher {
  readonly type: NumberType;
  readonly lengths: readonly number[];
  readonly pattern: RegExp;
}

export interface CountryPlan {
  readonly country: Iso2;
  /** Matching it settles the country, valid or not; null where only a full match of a type tells. */
  readonly leadingDigits: RegExp | null;
  readonly national: RegExp;
  readonly fixed: TypeMatcher | null;
  readonly mobile: TypeMatcher | null;
  /** No pattern of its own for mobiles: they share the fixed lines'. */
  readonly mobileAsFixed: boolean;
  readonly afterFixed: readonly TypeMatcher[];
}

export interface CallingCodePlan {
  readonly code: string;
  /** In the library's order: the main country first. Empty for non-geographic codes (satellite, freephone), which belong to no country. */
  readonly countries: readonly CountryPlan[];
  /** What the library would take off the front as a national prefix, or rewrite. */
  readonly nationalPrefix: RegExp | null;
  /** Lengths of national numbers of all its countries, ascending. */
  readonly lengths: readonly number[];
}

const entire = (pattern: string): RegExp => new RegExp(`(?:${pattern})$`, 'y');
const start = (pattern: string): RegExp => new RegExp(`(?:${pattern})`, 'y');

const text = (plan: PackedPlan, at: number): string | null => {
  const value = plan[at];
  return typeof value === 'string' && value !== '' ? value : null;
};
const lengthsOf = (plan: PackedPlan): readonly number[] => (plan[3] as readonly number[] | 0) || [];

function typeMatcher(type: NumberType, packed: PackedType | 0 | undefined, plan: PackedPlan): TypeMatcher | null {
  if (!packed || !packed[0]) return null;
  return { type, lengths: packed[1] || lengthsOf(plan), pattern: entire(packed[0]) };
}

function compileCountry(country: string, plan: PackedPlan): CountryPlan {
  const types = (plan[11] || []) as readonly (PackedType | 0)[];
  const leading = text(plan, 10);
  const mobile = types[MOBILE];
  const afterFixed = TYPES_AFTER_FIXED.map(([type, at]) => typeMatcher(type, types[at], plan)).filter((matcher) => matcher !== null);
  return {
    country: country as Iso2,
    leadingDigits: leading === null ? null : start(leading),
    national: entire(text(plan, 2) ?? ''),
    fixed: typeMatcher('fixed_line', types[FIXED], plan),
    mobile: typeMatcher('mobile', mobile, plan),
    mobileAsFixed: !mobile || mobile[0] === '',
    afterFixed,
  };
}

function compileCallingCode(code: string): CallingCodePlan | null {
  const names = (metadata.country_calling_codes as Readonly<Record<string, readonly string[]>>)[code];
  const plans = metadata.countries as unknown as Readonly<Record<string, PackedPlan>>;
  const nonGeographic = (metadata.nonGeographic as unknown as Readonly<Record<string, PackedPlan>>)[code];
  if (names === undefined)
    return nonGeographic === undefined ? null : { code, countries: [], nationalPrefix: null, lengths: lengthsOf(nonGeographic) };
  const packed = names.map((name) => [name, plans[name] ?? []] as const);
  const main = packed[0]?.[1] ?? [];
  const prefix = text(main, 7) ?? text(main, 5);
  return {
    code,
    countries: packed.map(([name, plan]) => compileCountry(name, plan)),
    nationalPrefix: prefix === null ? null : start(prefix),
    lengths: [...new Set(packed.flatMap(([, plan]) => lengthsOf(plan)))].toSorted((a, b) => a - b),
  };
}

/** By the calling code as a number, 1 … 999; undefined until somebody asks, so that a Worker's start compiles nothing. */
const compiled: (CallingCodePlan | null | undefined)[] = [];
function planOf(code: number): CallingCodePlan | null {
  const known = compiled[code];
  if (known !== undefined) return known;
  return (compiled[code] = compileCallingCode(String(code)));
}

const ZERO = 48;
/** Calling codes are prefix-free, 1 to 3 digits: the first that exists is the one. @param digits E.164 without plus */
export function callingCodePlan(digits: string): CallingCodePlan | null {
  let code = 0;
  const length = Math.min(3, digits.length);
  for (let at = 0; at < length; at++) {
    code = code * 10 + digits.charCodeAt(at) - ZERO;
    if (code === 0) return null;
    const plan = planOf(code);
    if (plan !== null) return plan;
  }
  return null;
}

function matches(pattern: RegExp, digits: string, from: number): boolean {
  pattern.lastIndex = from;
  return pattern.test(digits);
}

const matchesType = (matcher: TypeMatcher, digits: string, from: number): boolean =>
  matcher.lengths.includes(digits.length - from) && matches(matcher.pattern, digits, from);

/** @returns null when the number is not valid in this country. */
function typeIn(plan: CountryPlan, digits: string, from: number): NumberType | null {
  if (!matches(plan.national, digits, from)) return null;
  if (plan.fixed !== null && matchesType(plan.fixed, digits, from)) {
    if (plan.mobileAsFixed) return 'fixed_line_or_mobile';
    return plan.mobile !== null && matchesType(plan.mobile, digits, from) ? 'fixed_line_or_mobile' : 'fixed_line';
  }
  for (const matcher of plan.afterFixed) if (matchesType(matcher, digits, from)) return matcher.type;
  return null;
}

export type Judgement = { country: Iso2; type: NumberType } | 'invalid' | 'ask_the_library';

/**
 * @param digits E.164 without plus, beginning with the plan's code
 * @returns `ask_the_library` when digits that look like a national prefix stand behind the calling code: whether they are dropped, kept or
 * rewritten is the library's own lengthy decision, and rare.
 */
export function judge(plan: CallingCodePlan, digits: string): Judgement {
  const from = plan.code.length;
  if (plan.nationalPrefix !== null && matches(plan.nationalPrefix, digits, from) && plan.nationalPrefix.lastIndex > from)
    return 'ask_the_library';
  const { countries } = plan;
  for (const candidate of countries) {
    if (candidate.leadingDigits === null || countries.length === 1) {
      const type = typeIn(candidate, digits, from);
      if (type !== null) return { country: candidate.country, type };
    } else if (matches(candidate.leadingDigits, digits, from)) {
      const type = typeIn(candidate, digits, from);
      return type === null ? 'invalid' : { country: candidate.country, type };
    }
  }
  return 'invalid';
}
