import { describe, expect, it } from 'vitest';
import { decodeStrict, detectEncoding, looksBinary } from '../../workers/rules/text-encoding';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const utf16 = (text: string, littleEndian: boolean): Uint8Array => {
  const view = new DataView(new ArrayBuffer(text.length * 2));
  for (let at = 0; at < text.length; at++) view.setUint16(at * 2, text.charCodeAt(at), littleEndian);
  return new Uint8Array(view.buffer);
};
/** 号码,姓名\n8613800138000,锦木 */
const gbk = Uint8Array.of(0xba, 0xc5, 0xc2, 0xeb, 0x2c, 0xd0, 0xd5, 0xc3, 0xfb, 0x0a, ...utf8('8613800138000,'), 0xbd, 0xf5, 0xc4, 0xbe);
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

describe('telling the encoding', () => {
  it.each([
    ['plain digits', utf8('8613800138000\n'), 'utf-8', 0],
    ['Chinese in UTF-8', utf8('号码,姓名\n'), 'utf-8', 0],
    ['UTF-8 with its mark', utf8('\ufeff号码\n'), 'utf-8', 3],
    ['UTF-8 cut inside a character', utf8('号码').subarray(0, 5), 'utf-8', 0],
    ['UTF-16 with its mark', utf16('\ufeff号码', true), 'utf-16le', 2],
    ['big-endian UTF-16 with its mark', utf16('\ufeff号码', false), 'utf-16be', 2],
    ['UTF-16 without a mark', utf16('8613800138000,姓名\n', true), 'utf-16le', 0],
    ['big-endian UTF-16 without a mark', utf16('8613800138000,姓名\n', false), 'utf-16be', 0],
    ['GBK', gbk, 'gb18030', 0],
    ['GB18030 with its mark', bytes(0x84, 0x31, 0x95, 0x33, 0x31), 'gb18030', 4],
    ['an empty file', bytes(), 'utf-8', 0],
  ])('%s', (_, head, encoding, bomLength) => {
    expect(detectEncoding(head)).toEqual({ encoding, bomLength });
  });
});

describe('telling that a file is no text', () => {
  it.each([
    ['a picture', bytes(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13)],
    ['a zip', bytes(0x50, 0x4b, 3, 4, 20, 0, 8, 0)],
    ['an old .xls', bytes(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1)],
    ['a gzip', bytes(0x1f, 0x8b, 8, 0, 0, 0, 0, 0)],
  ])('%s', (_, head) => {
    expect(looksBinary(head, detectEncoding(head).encoding)).toBe(true);
  });

  it('does not doubt lists of numbers in any encoding', () => {
    for (const head of [
      utf8('8613800138000,Li\tWei\r\n'),
      utf8('号码').subarray(0, 5),
      gbk,
      utf16('8613800138000,姓名\n', true),
      bytes(),
    ]) {
      expect(looksBinary(head, detectEncoding(head).encoding)).toBe(false);
    }
  });
});

describe('decoding', () => {
  it('reads each encoding', () => {
    expect(decodeStrict(gbk, 'gb18030')).toEqual({ text: '号码,姓名\n8613800138000,锦木', encoding: 'gb18030' });
    expect(decodeStrict(utf16('号码', true), 'utf-16le')?.text).toBe('号码');
    expect(decodeStrict(utf16('号码', false), 'utf-16be')?.text).toBe('号码');
  });

  it('falls back to GB18030 for a slice that is not UTF-8', () => {
    expect(decodeStrict(gbk, 'utf-8')).toEqual({ text: '号码,姓名\n8613800138000,锦木', encoding: 'gb18030' });
  });

  it('says so when it is neither', () => {
    expect(decodeStrict(bytes(0x38, 0xff, 0xff), 'utf-8')).toBeNull();
    expect(decodeStrict(bytes(0x81), 'gb18030')).toBeNull();
  });

  it('keeps every character, a mark in the middle included', () => {
    expect(decodeStrict(utf8('\ufeffa\u0000b'), 'utf-8')?.text).toBe('\ufeffa\u0000b');
  });
});
