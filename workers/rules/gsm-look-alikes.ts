/**
 * Characters that GSM-7 lacks and that have a look-alike in it: what word processors and Chinese keyboards put in place of quotes, dashes and
 * spaces. One of them makes a whole text UCS-2, at less than half the length a part. Used only where the user asks for it: a text is otherwise
 * sent as given. Letters have none here: an accent that is dropped makes another word. Pure.
 */
import { ucs2Characters } from './sms-parts';
import { mapLiterals } from './text-variables';

export type CharacterKind =
  | 'quote'
  | 'dash'
  | 'ellipsis'
  | 'space'
  | 'invisible'
  | 'full_width'
  | 'symbol'
  | 'chinese'
  | 'kana'
  | 'hangul'
  | 'letter'
  | 'emoji'
  | 'other';

/** Each character of `from` stands for the text at its place in `to`, or for the one text that `to` is. */
const rows: readonly (readonly [kind: CharacterKind, from: string, to: string | readonly string[]])[] = [
  ['quote', '‘’‚‛′ʹʻʼ´`‹›', "'"],
  ['quote', '“”„‟″«»「」『』〝〞', '"'],
  ['dash', '‐‑‒–—―−﹣', '-'],
  ['ellipsis', '…⋯', '...'],
  ['space', '\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000', ' '],
  ['space', '\u0085\u2028\u2029', '\n'],
  // No joiners: between emoji, and in Persian and Hindi, they mean something.
  ['invisible', '\u00ad\u200b\u200e\u200f\u2060\ufeff', ''],
  ['full_width', '。、《》〈〉【】〔〕', ['.', ',', '<', '>', '<', '>', '[', ']', '[', ']']],
  ['full_width', '￥￡￠', ['¥', '£', 'c']],
  ['symbol', '•·・●×÷〜', ['*', '.', '.', '*', 'x', '/', '~']],
  ['symbol', '©®™№½¼¾', ['(C)', '(R)', 'TM', 'No.', '1/2', '1/4', '3/4']],
  ['symbol', '→←≤≥ﬁﬂ', ['->', '<-', '<=', '>=', 'fi', 'fl']],
];

/** ！ to ～ are ! to ~, this much further on. Braces are left out: replaced, they could make a variable of what is text. */
const FULL_WIDTH = { first: 0xff01, last: 0xff5e, offset: 0xfee0, except: '｛｝｀' } as const;

const LOOK_ALIKES: ReadonlyMap<string, { readonly kind: CharacterKind; readonly by: string }> = new Map([
  ...rows.flatMap(([kind, from, to]) =>
    Array.from(from, (character, at) => [character, { kind, by: typeof to === 'string' ? to : (to[at] ?? '') }] as const),
  ),
  ...Array.from({ length: FULL_WIDTH.last - FULL_WIDTH.first + 1 }, (_, at) => String.fromCharCode(FULL_WIDTH.first + at))
    .filter((character) => !FULL_WIDTH.except.includes(character))
    .map((character) => [character, { kind: 'full_width', by: String.fromCharCode(character.charCodeAt(0) - FULL_WIDTH.offset) }] as const),
]);

/** What a character is, for people who are to find it in their text. */
const KINDS: readonly (readonly [CharacterKind, RegExp])[] = [
  ['chinese', /\p{Script=Han}/u],
  ['kana', /\p{Script=Hiragana}|\p{Script=Katakana}/u],
  ['hangul', /\p{Script=Hangul}/u],
  ['emoji', /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\u200d|\ufe0f|\u20e3/u],
  ['letter', /\p{L}|\p{M}/u],
  ['full_width', /[\u3000-\u303f\uff00-\uffef]/],
  ['symbol', /\p{S}|\p{P}/u],
];

export interface CostlyCharacter {
  readonly character: string;
  readonly kind: CharacterKind;
  /** What may stand in its place; '' = nothing; null = it has no look-alike. */
  readonly by: string | null;
}

/** What of a text is not in GSM-7, once each, in the order of the text. */
export const costlyCharacters = (text: string): CostlyCharacter[] =>
  ucs2Characters(text).map((character) => {
    const known = LOOK_ALIKES.get(character);
    if (known) return { character, ...known };
    return { character, kind: KINDS.find(([, matches]) => matches.test(character))?.[0] ?? 'other', by: null };
  });

/** Every character that has a look-alike by it; the names of variables stay, for they are those of columns. */
export const replaceLookAlikes = (text: string): string =>
  mapLiterals(text, (literal) => Array.from(literal, (character) => LOOK_ALIKES.get(character)?.by ?? character).join(''));
