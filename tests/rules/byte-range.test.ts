import { expect, it } from 'vitest';
import { readByteRange } from '../../workers/rules/byte-range';
import { attachment } from '../../workers/rules/content-disposition';

it.each([
  ['bytes=0-', { offset: 0, length: 100 }],
  ['bytes=10-19', { offset: 10, length: 10 }],
  ['bytes=90-200', { offset: 90, length: 10 }],
  ['bytes=-10', { offset: 90, length: 10 }],
  ['bytes=-200', { offset: 0, length: 100 }],
  ['bytes=99-99', { offset: 99, length: 1 }],
  ['bytes=100-', 'none'],
  ['bytes=-0', 'none'],
  ['bytes=0-1,5-6', 'all'],
  ['bytes=5-1', 'all'],
  ['bytes=-', 'all'],
  ['lines=1-2', 'all'],
  [null, 'all'],
])('reads the range %s of a file of 100 bytes', (header, expected) => {
  expect(readByteRange(header, 100)).toEqual(expected);
});

it('finds nothing in an empty file', () => {
  expect(readByteRange('bytes=0-', 0)).toBe('none');
});

it('names a download in Chinese and in ASCII', () => {
  expect(attachment('日志_20261123_0930.csv')).toBe(
    `attachment; filename="20261123_0930.csv"; filename*=UTF-8''%E6%97%A5%E5%BF%97_20261123_0930.csv`,
  );
  expect(attachment(`a"b\r\n';c.csv`)).toBe(`attachment; filename="abc.csv"; filename*=UTF-8''a%22b%0D%0A%27%3Bc.csv`);
});
