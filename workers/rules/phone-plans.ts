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

interface CountryPlan {
  readonly country: Iso2;
  /** Matching it settles the country, valid or not; null where only a full match of a type tells. */
  readonly leadingDigits: RegExp | null;
  readonly national: RegExp;
  /** Possible lengths of its national numbers, ascending. */
  readonly lengths: readonly number[];
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
  /** What the library would take off the front as a national prefix (the 0 of +44 (0)7400 …) … */
  readonly nationalPrefix: RegExp | null;
  /** … or, in a few countries, rewrite by a rule that is left to the library. */
  readonly rewritesPrefix: boolean;
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
    lengths: lengthsOf(plan),
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
  if (names === undefined) {
    if (nonGeographic === undefined) return null;
    return { code, countries: [], nationalPrefix: null, rewritesPrefix: false, lengths: lengthsOf(nonGeographic) };
  }
  const packed = names.map((name) => [name, plans[name] ?? []] as const);
  const main = packed[0]?.[1] ?? [];
  const prefix = text(main, 7) ?? text(main, 5);
  return {
    code,
    countries: packed.map(([name, plan]) => compileCountry(name, plan)),
    nationalPrefix: prefix === null ? null : start(prefix),
    rewritesPrefix: text(main, 8) !== null,
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

/** The country whose plan the number falls under, and its type there, null when it is not valid; undefined when no country claims it. */
function place(plan: CallingCodePlan, digits: string): { country: CountryPlan; type: NumberType | null } | undefined {
  const from = plan.code.length;
  const [main] = plan.countries;
  if (main === undefined) return undefined;
  if (plan.countries.length === 1) return { country: main, type: typeIn(main, digits, from) };
  for (const country of plan.countries) {
    if (country.leadingDigits !== null) {
      if (matches(country.leadingDigits, digits, from)) return { country, type: typeIn(country, digits, from) };
    } else {
      const type = typeIn(country, digits, from);
      if (type !== null) return { country, type };
    }
  }
  return undefined;
}

/** Too long counts as possible here: so the library has it. */
const isPossibleLength = ({ lengths }: CountryPlan, length: number): boolean => lengths.includes(length) || length > (lengths.at(-1) ?? 0);

/**
 * The number without what stands in front of it as a national prefix, when the rest can be a number at all and the prefix is not its own
 * beginning (both as the library decides it).
 * @param end behind the prefix
 */
function withoutPrefix(plan: CallingCodePlan, main: CountryPlan, digits: string, end: number): string {
  const from = plan.code.length;
  const rest = plan.code + digits.slice(end);
  if (matches(main.national, digits, from) && !matches(main.national, rest, from)) return digits;
  return isPossibleLength(place(plan, rest)?.country ?? main, rest.length - from) ? rest : digits;
}

export type Judgement = { digits: string; country: Iso2; type: NumberType } | 'invalid' | 'ask_the_library';

/**
 * @param digits E.164 without plus, beginning with the plan's code
 * @returns the number without a national prefix that people leave in, and what it is
 */
export function judge(plan: CallingCodePlan, digits: string): Judgement {
  const from = plan.code.length;
  const main = plan.countries[0];
  if (main === undefined) return 'invalid';
  let number = digits;
  if (plan.nationalPrefix !== null && matches(plan.nationalPrefix, digits, from) && plan.nationalPrefix.lastIndex > from) {
    if (plan.rewritesPrefix) return 'ask_the_library';
    number = withoutPrefix(plan, main, digits, plan.nationalPrefix.lastIndex);
  }
  const placed = place(plan, number);
  if (placed === undefined || placed.type === null) return 'invalid';
  return { digits: number, country: placed.country.country, type: placed.type };
}
