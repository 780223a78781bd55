/** The `Range` header of RFC 9110 §14, as far as a download needs it: one range of bytes. */
export interface ByteSpan {
  readonly offset: number;
  readonly length: number;
}

const ONE_RANGE = /^bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*$/i;

/**
 * @param size bytes of the file
 * @returns `all` without a range and for whatever is not one range of bytes, which a server may ignore (§14.2); `none` for a range that the
 * file has not (416)
 */
export function readByteRange(header: string | null, size: number): ByteSpan | 'all' | 'none' {
  const match = header === null ? null : ONE_RANGE.exec(header);
  if (!match) return 'all';
  const [first = '', last = ''] = match.slice(1);
  if (first === '' && last === '') return 'all';
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'none' : { offset: size - length, length };
  }
  const offset = Number(first);
  if (last !== '' && Number(last) < offset) return 'all';
  if (offset >= size) return 'none';
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  return { offset, length: end - offset + 1 };
}
