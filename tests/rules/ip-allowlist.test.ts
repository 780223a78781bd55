import { describe, expect, it } from 'vitest';
import { addressAllowed, isAllowlistEntry } from '../../workers/rules/ip-allowlist';

describe('an allowlist of addresses', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7', true],
    ['203.0.113.7', '203.0.113.8', false],
    ['203.0.113.0/24', '203.0.113.255', true],
    ['203.0.113.0/24', '203.0.114.0', false],
    ['203.0.113.77/24', '203.0.113.1', true],
    ['0.0.0.0/0', '198.51.100.1', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['2001:db8::/32', '2001:db9::1', false],
    ['2001:DB8:0:0::1', '2001:db8::0:1', true],
    ['::ffff:203.0.113.0/120', '203.0.113.9', true],
    ['203.0.113.9', '::ffff:203.0.113.9', true],
    ['203.0.113.9', '::ffff:cb00:7109', true],
    [' 203.0.113.9 ', '203.0.113.9', true],
  ])('%s lets %s in: %s', (entry, address, allowed) => {
    expect(addressAllowed(address, [entry])).toBe(allowed);
  });

  it('that is empty lets everybody in, one that is not lets nobody in without an address', () => {
    expect(addressAllowed(null, [])).toBe(true);
    expect(addressAllowed(null, ['0.0.0.0/0'])).toBe(false);
    expect(addressAllowed('not an address', ['0.0.0.0/0'])).toBe(false);
  });

  it.each([
    '',
    'x',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '01.2.3.4',
    '1.2.3.4/33',
    '1.2.3.4/',
    '1.2.3.4/-1',
    '1.2.3.4/8/8',
    '::1::',
    ':::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1::2:3:4:5:6:7:8',
    '::ffff:1.2.3.4/95',
    '12345::',
  ])('refuses %j as an entry, and such an entry lets nobody in', (entry) => {
    expect(isAllowlistEntry(entry)).toBe(false);
    expect(addressAllowed('1.2.3.4', [entry])).toBe(false);
  });
});
