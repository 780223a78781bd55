/**
 * JSON as an API must read it. `JSON.parse` keeps the last of two equal keys without a word, so that two readers of one body may see two
 * different messages; and what is nested without end costs whoever walks through it afterwards.
 */
import { JSON_DEPTH_MAX } from '../../schema/limits';

export type ReadJson = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly duplicate: string | null };

const MALFORMED: ReadJson = { ok: false, duplicate: null };

/** @returns `duplicate`: the key that an object holds twice; null when the text is no JSON at all, or is nested too deeply. */
export function readJsonText(text: string): ReadJson {
  if (isTooDeep(text)) return MALFORMED;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return MALFORMED;
  }
  const duplicate = findDuplicate(text);
  return duplicate === null ? { ok: true, value } : { ok: false, duplicate };
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENERS = [0x7b, 0x5b] as const;
const CLOSERS = [0x7d, 0x5d] as const;

/** Position of the quote that ends the string which begins at `at`. */
function endOfString(text: string, at: number): number {
  for (let end = at + 1; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === BACKSLASH) end++;
    else if (code === QUOTE) return end;
  }
  return text.length;
}

function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === OPENERS[0] || code === OPENERS[1]) {
      depth += 1;
      if (depth > JSON_DEPTH_MAX) return true;
    } else if (code === CLOSERS[0] || code === CLOSERS[1]) depth -= 1;
  }
  return false;
}

const AFTER_STRING = /[\s]*/y;

/** @param text valid JSON */
function findDuplicate(text: string): string | null {
  /** Keys of each open object; null for arrays. */
  const open: (Set<string> | null)[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '{') open.push(new Set());
    else if (character === '[') open.push(null);
    else if (character === '}' || character === ']') open.pop();
    if (character !== '"') continue;
    const end = endOfString(text, at);
    const keys = open.at(-1);
    if (keys && isKey(text, end)) {
      const key = JSON.parse(text.slice(at, end + 1)) as string;
      if (keys.has(key)) return key;
      keys.add(key);
    }
    at = end;
  }
  return null;
}

/** A string is a key when a colon follows it. */
function isKey(text: string, end: number): boolean {
  AFTER_STRING.lastIndex = end + 1;
  AFTER_STRING.exec(text);
  return text[AFTER_STRING.lastIndex] === ':';
}
