/** Texts to the mainland: 【signature】 in front, the body as it was approved, a way to opt out of marketing. Pure. */
import type { Departure } from '../../schema/approvals';
import { parseTemplate } from './text-variables';

const BRACKETED = /^\s*【([^【】]*)】/;

/** A name as it stands between the brackets, whoever typed brackets of their own. */
export const signatureName = (typed: string): string => typed.trim().replace(/^【/, '').replace(/】$/, '').trim();

/** The signature that a text begins with, and the rest; null where it begins with none. */
export function splitSignature(text: string): { readonly signature: string; readonly body: string } | null {
  const match = BRACKETED.exec(text);
  return match ? { signature: (match[1] ?? '').trim(), body: text.slice(match[0].length) } : null;
}

/** 【name】 in front, once, also where the same one was typed already. */
export function signed(name: string, text: string): string {
  const split = splitSignature(text);
  return `【${name}】${split?.signature === name ? split.body : text}`;
}

/** Is `text` the approved body, its variables left as they are or filled with anything that is not nothing? */
export function fitsTemplate(approved: string, text: string): boolean {
  const { literals } = parseTemplate(approved);
  const first = literals[0] ?? '';
  if (literals.length === 1) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  const last = literals.at(-1) ?? '';
  for (const literal of literals.slice(1, -1)) {
    // A value takes one character at least, and no more than it must: that finds a fit wherever there is one.
    const found = text.indexOf(literal, at + 1);
    if (found < 0) return false;
    at = found + literal.length;
  }
  return text.length - last.length >= at + 1 && text.endsWith(last);
}

/** Cells of the table below: a text that was rewritten altogether is said to be so, rather than compared for seconds. */
const CELLS_MAX = 400_000;

/** Where `text` departs from the approved body, character by character; one `same` piece where it does not. */
export function departures(approved: string, text: string): readonly Departure[] {
  if (fitsTemplate(approved, text)) return text === '' ? [] : [{ text, kind: 'same' }];
  const [from, to] = [Array.from(approved), Array.from(text)];
  let start = 0;
  while (start < from.length && start < to.length && from[start] === to[start]) start++;
  let end = 0;
  while (end < from.length - start && end < to.length - start && from.at(-1 - end) === to.at(-1 - end)) end++;
  const middle = compare(from.slice(start, from.length - end), to.slice(start, to.length - end));
  return joined([
    { text: to.slice(0, start).join(''), kind: 'same' },
    ...middle,
    { text: to.slice(to.length - end).join(''), kind: 'same' },
  ]);
}

/** Longest common subsequence (Wagner and Fischer, 1974). */
function compare(from: readonly string[], to: readonly string[]): Departure[] {
  if (from.length * to.length > CELLS_MAX || from.length === 0 || to.length === 0) {
    return [
      { text: from.join(''), kind: 'missing' },
      { text: to.join(''), kind: 'added' },
    ];
  }
  const width = to.length + 1;
  const lengths = new Uint16Array((from.length + 1) * width);
  const length = (a: number, b: number): number => lengths[a * width + b] ?? 0;
  for (let a = from.length - 1; a >= 0; a--)
    for (let b = to.length - 1; b >= 0; b--)
      lengths[a * width + b] = from[a] === to[b] ? length(a + 1, b + 1) + 1 : Math.max(length(a + 1, b), length(a, b + 1));
  const pieces: Departure[] = [];
  let [a, b] = [0, 0];
  while (a < from.length || b < to.length) {
    if (a < from.length && b < to.length && from[a] === to[b]) {
      pieces.push({ text: to[b] ?? '', kind: 'same' });
      a++;
      b++;
    } else if (a < from.length && (b === to.length || length(a + 1, b) >= length(a, b + 1))) {
      pieces.push({ text: from[a++] ?? '', kind: 'missing' });
    } else {
      pieces.push({ text: to[b++] ?? '', kind: 'added' });
    }
  }
  return pieces;
}

function joined(pieces: readonly Departure[]): Departure[] {
  const whole: { text: string; kind: Departure['kind'] }[] = [];
  for (const { text, kind } of pieces) {
    if (text === '') continue;
    const last = whole.at(-1);
    if (last?.kind === kind) last.text += text;
    else whole.push({ text, kind });
  }
  return whole;
}

/** What mainland recipients are told to answer when they want no more. */
export const OPT_OUT_LINE = '回T退订';
const OPT_OUT = /退订|退訂|拒收|回复?\s*[TRNtrn](?![a-z])|\bTD\b|\bSTOP\b|unsubscribe|opt[\s-]?out/iu;

/** Does a marketing body say how to opt out? */
export const tellsOptOut = (text: string): boolean => OPT_OUT.test(text.normalize('NFKC'));
