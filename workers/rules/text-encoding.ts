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

/** Share of zero bytes at even or odd places from which a text without a mark is UTF-16: digits and commas have one zero byte each. */
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

/** Fatal decoders are stateless between complete calls, so one of each is enough. */
const strict = (encoding: TextEncodingName): TextDecoder => new TextDecoder(encoding, { fatal: true, ignoreBOM: true });

function decodes(bytes: Uint8Array, encoding: TextEncodingName): boolean {
  try {
    // `stream` forgives a character that the end of the head cuts in two.
    strict(encoding).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** @param head first bytes of the file, some kilobytes; a character cut at its end does no harm. */
export function detectEncoding(head: Uint8Array): DetectedEncoding {
  for (const [encoding, mark] of BYTE_ORDER_MARKS) {
    if (mark.every((byte, at) => head[at] === byte)) return { encoding, bomLength: mark.length };
  }
  const { even, odd } = zeroBytes(head);
  const pairs = head.length / 2;
  if (odd > pairs * UTF16_ZERO_SHARE && odd > even) return { encoding: 'utf-16le', bomLength: 0 };
  if (even > pairs * UTF16_ZERO_SHARE && even > odd) return { encoding: 'utf-16be', bomLength: 0 };
  return { encoding: decodes(head, 'utf-8') ? 'utf-8' : 'gb18030', bomLength: 0 };
}

/** Control characters that no text file holds; tab, line ends and form feed are text, SUB (0x1A) ends old DOS files. */
const isBinaryByte = (byte: number): boolean =>
  byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0c && byte !== 0x0d && byte !== 0x1a && byte !== 0x1b;

/** Whether the head cannot be a text in its encoding: pictures, archives, executables, old .xls. */
export function looksBinary(head: Uint8Array, encoding: TextEncodingName): boolean {
  if (!decodes(head, encoding)) return true;
  return encoding !== 'utf-16le' && encoding !== 'utf-16be' && head.some(isBinaryByte);
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
