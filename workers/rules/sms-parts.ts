/**
 * How a text is cut into SMS parts, as it is billed (3GPP TS 23.038 §6.2.1, 23.040 §9.2.3.24.1): GSM-7 160 septets, or 153 each when longer;
 * UCS-2 70 UTF-16 units, or 67 each when longer. Characters of the extension table take two septets. A part never splits a code point or an
 * escape pair, so a text may need a part more than its length divided by 153 or 67.
 */
import type { TextType } from '../../schema/states';

export type { TextType };
export type Encoding = 'GSM-7' | 'UCS-2';

export interface TextMeasure {
  readonly encoding: Encoding;
  /** Code points, what people count. */
  readonly characters: number;
  /** Septets or UTF-16 units, what is billed. */
  readonly units: number;
  /** 0 for an empty text. */
  readonly parts: number;
  /** Distinct characters that `type: 'text'` cannot carry: the carrier sends '?' for each, so each counts one septet. Empty otherwise. */
  readonly unsupported: readonly string[];
}

interface PartSize {
  /** Units of a text that fits one message. */
  readonly single: number;
  /** Units of each part of a longer one: the header of concatenation takes the rest. */
  readonly each: number;
}
export const PART_SIZES: Readonly<Record<Encoding, PartSize>> = { 'GSM-7': { single: 160, each: 153 }, 'UCS-2': { single: 70, each: 67 } };

/** GSM 03.38 default alphabet; ESC itself is not a character. */
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const EXTENSION = '\f^{}\\[~]|€';

/** Septets by UTF-16 unit: 1 basic, 2 extension, 0 not in GSM-7. No character of the alphabet lies beyond the euro sign. */
const SEPTETS = new Uint8Array(0x20ad);
for (const character of BASIC) SEPTETS[character.charCodeAt(0)] = 1;
for (const character of EXTENSION) SEPTETS[character.charCodeAt(0)] = 2;
const septetsOf = (unit: number): number => (unit < 0x20ad ? (SEPTETS[unit] ?? 0) : 0);

const NONE: readonly string[] = [];
const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLowSurrogate = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;
/** UTF-16 units of the code point at `at`; a surrogate without its partner stands alone. */
const codePointLength = (text: string, at: number): number =>
  isHighSurrogate(text.charCodeAt(at)) && isLowSurrogate(text.charCodeAt(at + 1)) ? 2 : 1;

/** Septets when every character is in GSM-7, else -1. */
function gsmSeptets(text: string): number {
  let units = 0;
  for (let at = 0; at < text.length; at++) {
    const septets = septetsOf(text.charCodeAt(at));
    if (septets === 0) return -1;
    units += septets;
  }
  return units;
}

/** Ends of the parts, greedy: a code point that does not fit whole opens the next part. What GSM-7 lacks is one '?'. */
function partEnds(text: string, encoding: Encoding, each: number): number[] {
  const ends: number[] = [];
  const isGsm = encoding === 'GSM-7';
  let used = 0;
  for (let at = 0; at < text.length;) {
    const unit = text.charCodeAt(at);
    const length = isHighSurrogate(unit) ? codePointLength(text, at) : 1;
    const units = isGsm ? septetsOf(unit) || 1 : length;
    used += units;
    if (used > each) {
      ends.push(at);
      used = units;
    }
    at += length;
  }
  ends.push(text.length);
  return ends;
}

function partsOf(text: string, encoding: Encoding, units: number, allSingle: boolean): number {
  const { single, each } = PART_SIZES[encoding];
  if (units <= single) return units === 0 ? 0 : 1;
  return allSingle ? Math.ceil(units / each) : partEnds(text, encoding, each).length;
}

function measureUcs2(text: string): TextMeasure {
  let pairs = 0;
  for (let at = 0; at < text.length; at++) {
    if (codePointLength(text, at) === 2) {
      pairs++;
      at++;
    }
  }
  const units = text.length;
  return { encoding: 'UCS-2', characters: units - pairs, units, parts: partsOf(text, 'UCS-2', units, pairs === 0), unsupported: NONE };
}

function measureForcedGsm(text: string): TextMeasure {
  let units = 0;
  let characters = 0;
  for (let at = 0; at < text.length; characters++) {
    const length = codePointLength(text, at);
    units += septetsOf(text.charCodeAt(at)) || 1;
    at += length;
  }
  return {
    encoding: 'GSM-7',
    characters,
    units,
    parts: partsOf(text, 'GSM-7', units, units === characters),
    unsupported: ucs2Characters(text),
  };
}

/** @param type `auto` picks GSM-7 when it can carry the text; `text` forces GSM-7, `unicode` UCS-2, as Vonage's `type` does. */
export function measureText(text: string, type: TextType): TextMeasure {
  if (type === 'unicode') return measureUcs2(text);
  const units = gsmSeptets(text);
  if (units < 0) return type === 'auto' ? measureUcs2(text) : measureForcedGsm(text);
  const characters = text.length;
  return { encoding: 'GSM-7', characters, units, parts: partsOf(text, 'GSM-7', units, units === characters), unsupported: NONE };
}

/** The parts as they travel; joined they are the text. Empty for an empty text. */
export function splitText(text: string, type: TextType): string[] {
  const { encoding, parts } = measureText(text, type);
  if (parts <= 1) return parts === 0 ? [] : [text];
  let start = 0;
  return partEnds(text, encoding, PART_SIZES[encoding].each).map((end) => {
    const part = text.slice(start, end);
    start = end;
    return part;
  });
}

/** Distinct characters that are not in GSM-7 and so force UCS-2, in the order in which they appear. */
export function ucs2Characters(text: string): string[] {
  const found = new Set<string>();
  for (let at = 0; at < text.length;) {
    const length = codePointLength(text, at);
    if (septetsOf(text.charCodeAt(at)) === 0) found.add(text.slice(at, at + length));
    at += length;
  }
  return [...found];
}
