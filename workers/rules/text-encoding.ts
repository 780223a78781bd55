/** Encodings in which people save lists of numbers: UTF-8, Excel's "Unicode text" (UTF-16) and Chinese Windows (GB18030, which holds GBK and GB 2312). */

export type TextEncodingName = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030';
export interface DetectedEncoding {
  readonly encoding: TextEncodingName;
  /** Bytes of the byte order mark to skip. */
  readonly bomLength: number;
}

const BYTE_ORDER_MARKS: readonly (readonly [TextEncodingName, readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
  ['gb18030', [0x84, 0x31, 0x95, 0x33]],
];

/** Share of pairs with a zero byte, all on one side, from which a text without a mark is UTF-16: digits and commas have one each. */
const UTF16_ZERO_SHARE = 0.3;

function zeroBytes(head: Uint8Array): { even: number; odd: number } {
  let even = 0;
  let odd = 0;
  for (let at = 0; at < head.length; at++) {
    if (head[at] !== 0) continue;
    if ((at & 1) === 0) even++;
    else odd++;
  }
  return { even, odd };
}

const strict = (encoding: TextEncodingName): TextDecoder => new TextDecoder(encoding, { fatal: true, ignoreBOM: true });

/** Text of a head whose end may cut a character in two; null when it is not text in this encoding. */
function decodeHead(head: Uint8Array, encoding: TextEncodingName): string | null {
  try {
    return strict(encoding).decode(head, { stream: true });
  } catch {
    return null;
  }
}

/** @param head first bytes of the file, some kilobytes; a character cut at its end does no harm. */
export function detectEncoding(head: Uint8Array): DetectedEncoding {
  for (const [encoding, mark] of BYTE_ORDER_MARKS) {
    if (mark.every((byte, at) => head[at] === byte)) return { encoding, bomLength: mark.length };
  }
  const { even, odd } = zeroBytes(head);
  const enough = (head.length / 2) * UTF16_ZERO_SHARE;
  if (odd > enough && even === 0) return { encoding: 'utf-16le', bomLength: 0 };
  if (even > enough && odd === 0) return { encoding: 'utf-16be', bomLength: 0 };
  return { encoding: decodeHead(head, 'utf-8') === null ? 'gb18030' : 'utf-8', bomLength: 0 };
}

/** Control characters that no text holds; tab, line ends and form feed are text, SUB ends old DOS files, ESC is left by terminals. */
const isBinaryCharacter = (code: number): boolean =>
  code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0c && code !== 0x0d && code !== 0x1a && code !== 0x1b;

/** Whether the head cannot be a text in its encoding: pictures, archives, programs, old .xls. */
export function looksBinary(head: Uint8Array, encoding: TextEncodingName): boolean {
  const text = decodeHead(head, encoding);
  if (text === null) return true;
  for (let at = 0; at < text.length; at++) if (isBinaryCharacter(text.charCodeAt(at))) return true;
  return false;
}

/**
 * Decodes a whole slice (cut at line ends). A file that began as UTF-8 but holds GB18030 further down, as files that were pasted together
 * do, is read as what it is, slice by slice.
 * @returns null when it is text in neither.
 */
export function decodeStrict(bytes: Uint8Array, encoding: TextEncodingName): { text: string; encoding: TextEncodingName } | null {
  const candidates: readonly TextEncodingName[] = encoding === 'utf-8' ? ['utf-8', 'gb18030'] : [encoding];
  for (const candidate of candidates) {
    try {
      return { text: strict(candidate).decode(bytes), encoding: candidate };
    } catch {
      continue;
    }
  }
  return null;
}
