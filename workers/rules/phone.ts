/**
 * Phone numbers as people and spreadsheets write them → E.164, country and type. Validity and country are exactly those of
 * `libphonenumber-js/max`; the compiled plans answer for nearly every row and the library itself for the rest.
 */
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { RowRejection } from '../../schema/errors';
import type { Iso2 } from '../../schema/ids';
import { callingCodePlan, judge, type CallingCodePlan, type NumberType } from './phone-plans';

export type { NumberType };

/** Why a number is refused; each is a row rejection with its text in schema/errors. */
export type PhoneRejection = Extract<
  RowRejection,
  'empty' | 'not_a_number' | 'too_short' | 'too_long' | 'unknown_country' | 'invalid_number' | 'scientific_notation'
>;
export type ParsedPhone = { valid: true; digits: string; country: Iso2; type: NumberType } | { valid: false; reason: PhoneRejection };

/** Nothing longer can be a number, whatever separators it holds. */
const RAW_MAX = 64;

/** Rejections are the same few objects, so that a file of garbage allocates nothing per row. */
const REFUSED: Readonly<Record<PhoneRejection, ParsedPhone>> = {
  empty: { valid: false, reason: 'empty' },
  not_a_number: { valid: false, reason: 'not_a_number' },
  too_short: { valid: false, reason: 'too_short' },
  too_long: { valid: false, reason: 'too_long' },
  unknown_country: { valid: false, reason: 'unknown_country' },
  invalid_number: { valid: false, reason: 'invalid_number' },
  scientific_notation: { valid: false, reason: 'scientific_notation' },
};

const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const PLUS = 0x2b;
/** Separators of the quick way: blank, hyphen, round brackets. A dot is not among them, see WHOLE_FRACTION. */
const isQuickSeparator = (code: number): boolean => code === 0x20 || code === 0x2d || code === 0x28 || code === 0x29;

/** What nearly every cell is, digits with perhaps a plus and plain separators; null for anything else. Keeps a leading 00. */
function quickDigits(raw: string): string | null {
  let digits = '';
  let runStart = raw.charCodeAt(0) === PLUS ? 1 : 0;
  for (let at = runStart; at < raw.length; at++) {
    const code = raw.charCodeAt(at);
    if (isDigit(code)) continue;
    if (!isQuickSeparator(code) || raw.length > RAW_MAX) return null;
    digits += raw.slice(runStart, at);
    runStart = at + 1;
  }
  digits += runStart === 0 ? raw : raw.slice(runStart);
  return digits === '' ? null : digits;
}

/** What may stand around and between digits: blanks of any kind, hyphens, dots, round brackets and what copying leaves invisibly. */
const SEPARATORS = /[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\-\u2010-\u2015\u2212\u30fc\uff0d.\uff0e()\uff08\uff09]+/g;
const FULL_WIDTH = /[\uff0b\uff10-\uff19]/g;
const FULL_WIDTH_OFFSET = 0xfee0;
/** `8.6138E+12`, `8,6138e12`: the digits that Excel cut off are gone for good. */
const SCIENTIFIC = /^[+']?\d+(?:[.,]\d+)?[eE]\+?\d{1,2}$/;

/** `8613800138000.0`, a number that a program kept as a fraction; the zero is none of its digits. */
const WHOLE_FRACTION = /^(\s*\+?\d+)\.0+(?=\s*$)/;

/** Digits with the calling code in front, or why there are none. */
function normalise(raw: string): string | PhoneRejection {
  if (raw.length > RAW_MAX) return raw.trim() === '' ? 'empty' : 'not_a_number';
  const narrow = raw
    .replace(FULL_WIDTH, (character) => String.fromCharCode(character.charCodeAt(0) - FULL_WIDTH_OFFSET))
    .replace(/^[\s\ufeff]*['’]/, '');
  if (SCIENTIFIC.test(narrow.trim())) return 'scientific_notation';
  const joined = narrow.replace(WHOLE_FRACTION, '$1').replace(SEPARATORS, '');
  if (joined === '') return 'empty';
  const international = joined.replace(/^(?:\+|00)/, '');
  return /^\d+$/.test(international) ? international : 'not_a_number';
}

/** Upper-case names of the library → ours; undefined when the number is not valid. */
const typeName = (type: string | undefined): NumberType | null => (type === undefined ? null : (type.toLowerCase() as NumberType));

function byLibrary(digits: string, plan: CallingCodePlan): ParsedPhone {
  const found = parsePhoneNumberFromString(`+${digits}`);
  const type = typeName(found?.getType());
  if (found === undefined || type === null) return refuse(digits, plan);
  if (found.country === undefined) return REFUSED.unknown_country;
  return { valid: true, digits: found.number.slice(1), country: found.country as string as Iso2, type };
}

/** A number that is not valid, said as exactly as the lengths of its plan allow. */
function refuse(digits: string, plan: CallingCodePlan): ParsedPhone {
  if (plan.countries.length === 0) return REFUSED.unknown_country;
  const national = digits.length - plan.code.length;
  if (national < (plan.lengths[0] ?? 0)) return REFUSED.too_short;
  if (national > (plan.lengths.at(-1) ?? 0)) return REFUSED.too_long;
  return REFUSED.invalid_number;
}

/**
 * @param raw one cell: leading `+`, `00` or `'`, separators and full-width digits are accepted; the country code is required.
 * Satellite and other non-geographic numbers have no country, so no price and no sender rule: `unknown_country`.
 */
export function parsePhone(raw: string): ParsedPhone {
  let digits = quickDigits(raw);
  if (digits === null || digits.startsWith('00')) {
    const normalised = normalise(raw);
    if (Object.hasOwn(REFUSED, normalised)) return REFUSED[normalised as PhoneRejection];
    digits = normalised;
  }
  const plan = callingCodePlan(digits);
  if (plan === null) return digits.length < 4 ? REFUSED.too_short : REFUSED.unknown_country;
  const judgement = judge(plan, digits);
  if (judgement === 'invalid') return refuse(digits, plan);
  if (judgement === 'ask_the_library') return byLibrary(digits, plan);
  return { valid: true, digits: judgement.digits, country: judgement.country, type: judgement.type };
}

/** Shorter than any number with its calling code, or longer than E.164 allows, is no number. */
const SEARCHABLE = /^\d{5,15}$/;

/**
 * What messages to a number are found under: its digits without plus; as they were typed where no plan knows the number, for plans change
 * and what was sent once is still to be found. null = cannot be a number
 */
export function searchedDigits(raw: string): string | null {
  const phone = parsePhone(raw);
  if (phone.valid) return phone.digits;
  const digits = normalise(raw);
  return SEARCHABLE.test(digits) ? digits : null;
}

/** For people: `+86 138 0013 8000`. What cannot be read is shown as it is. @param digits E.164 without plus */
export function formatPhone(digits: string): string {
  return parsePhoneNumberFromString(`+${digits}`)?.formatInternational() ?? `+${digits}`;
}

const MASK = '•';
const SHOWN_AT_END = 4;
const HIDDEN = 4;

/** Positions (from, to) among the digits that are hidden: the four before the last four, never the calling code. */
function hiddenSpan(digits: string): [from: number, to: number] {
  const codeLength = callingCodePlan(digits)?.code.length ?? 0;
  const to = Math.max(codeLength, digits.length - SHOWN_AT_END);
  return [Math.max(codeLength, to - HIDDEN), to];
}

/** For people who may not see numbers: `+86 138 •••• 8000`, `+55 11 9•••• 2043`. @param digits E.164 without plus */
export function maskPhone(digits: string): string {
  const [from, to] = hiddenSpan(digits);
  let at = 0;
  return formatPhone(digits)
    .replaceAll('-', ' ')
    .replace(/\d/g, (digit) => {
      const hidden = at >= from && at < to;
      at++;
      return hidden ? MASK : digit;
    });
}

/** The same digits hidden without grouping, for exports of millions of rows: `86138••••8000`. @param digits E.164 without plus */
export function maskDigits(digits: string): string {
  const [from, to] = hiddenSpan(digits);
  return digits.slice(0, from) + MASK.repeat(to - from) + digits.slice(to);
}
