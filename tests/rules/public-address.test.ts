import { describe, expect, it } from 'vitest';
import { callbackError } from '../../workers/http/api/callback';
import { addressRefusal } from '../../workers/rules/public-address';

describe('an address of a customer', () => {
  it.each([
    'https://shop.example.com/hooks?order=1',
    'http://shop.example.com:8080/',
    'https://8.8.8.8/',
    'https://[2606:4700:4700::1111]/',
    'https://xn--fiq228c.com/',
    'https://短信.中国/回执',
    'https://localhost.example.com/',
    'https://172.32.0.1/',
    'https://100.128.0.1/',
  ])('%s may be called', (url) => {
    expect(addressRefusal(url)).toBeNull();
  });

  it.each([
    ['loopback', 'http://127.0.0.1/'],
    ['loopback, another', 'http://127.255.255.254:8080/'],
    ['loopback as one decimal number', 'http://2130706433/'],
    ['loopback in octal', 'http://0177.0.0.1/'],
    ['loopback in hexadecimal', 'http://0x7f000001/'],
    ['loopback, short', 'http://127.1/'],
    ['loopback in full-width digits', 'http://１２７.０.０.１/'],
    ['nobody', 'http://0.0.0.0/'],
    ['nobody, short', 'http://0/'],
    ['private 10', 'http://10.1.2.3/'],
    ['private 172', 'http://172.16.0.1/'],
    ['private 172, last', 'http://172.31.255.255/'],
    ['private 192', 'http://192.168.1.1/'],
    ['carrier-grade NAT', 'http://100.64.0.1/'],
    ['link-local and metadata', 'http://169.254.169.254/latest/meta-data/'],
    ['metadata as one decimal number', 'http://2852039166/'],
    ['benchmarks', 'http://198.18.0.1/'],
    ['documentation', 'http://203.0.113.9/'],
    ['multicast', 'http://224.0.0.1/'],
    ['broadcast', 'http://255.255.255.255/'],
    ['IPv6 loopback', 'http://[::1]/'],
    ['IPv6 nobody', 'http://[::]/'],
    ['IPv6 loopback, long', 'http://[0000:0000:0000:0000:0000:0000:0000:0001]/'],
    ['IPv4 in IPv6', 'http://[::ffff:127.0.0.1]/'],
    ['IPv4 in IPv6, hexadecimal', 'http://[::ffff:a9fe:a9fe]/'],
    ['IPv4 in IPv6, public even', 'http://[::ffff:8.8.8.8]/'],
    ['IPv4 in IPv6, old', 'http://[::127.0.0.1]/'],
    ['NAT64', 'http://[64:ff9b::7f00:1]/'],
    ['6to4', 'http://[2002:7f00:1::]/'],
    ['Teredo', 'http://[2001:0:7f00:1::]/'],
    ['IPv6 documentation', 'http://[2001:db8::1]/'],
    ['IPv6 unique local', 'http://[fd00:ec2::254]/'],
    ['IPv6 link-local', 'http://[fe80::1]/'],
    ['IPv6 multicast', 'http://[ff02::1]/'],
    ['localhost', 'http://localhost:8787/'],
    ['localhost in capitals', 'http://LOCALHOST/'],
    ['localhost with its dot', 'http://localhost./'],
    ['a name under localhost', 'http://shop.localhost/'],
    ['a single label', 'http://intranet/'],
    ['a name for inside', 'http://metadata.google.internal/'],
    ['a name for inside, with its dot', 'http://metadata.google.internal./'],
    ['a router', 'http://router.lan/'],
    ['a printer', 'http://printer.local/'],
  ])('that is %s is refused', (_what, url) => {
    expect(addressRefusal(url)).toBe('not_public');
    expect(addressRefusal(url, true)).toBeNull();
  });

  it.each([
    ['no URL', 'shop.example.com', 'not_a_url'],
    ['no host', 'http://', 'not_a_url'],
    ['an impossible IPv4 address', 'http://256.1.1.1/', 'not_a_url'],
    ['a file', 'file:///etc/passwd', 'scheme'],
    ['a script', 'javascript:alert(1)', 'scheme'],
    ['a password', 'https://shop:secret@shop.example.com/', 'credentials'],
    ['a name that looks like the host', 'http://8.8.8.8@127.0.0.1/', 'credentials'],
    ['a fragment', 'https://shop.example.com/#x', 'fragment'],
  ])('with %s is refused, in local runs too', (_what, url, refusal) => {
    expect(addressRefusal(url)).toBe(refusal);
    expect(addressRefusal(url, true)).toBe(refusal);
  });
});

describe('a callback', () => {
  it.each([
    ['https://example.com/receipts?order=1', null],
    ['nowhere', 'invalid'],
    ['ftp://example.com/', 'invalid'],
    ['https://example.com/#part', 'invalid'],
    [`https://example.com/${'x'.repeat(1_000)}`, 'invalid'],
    ['http://169.254.169.254/latest/meta-data/', 'address_not_public'],
    ['http://[::ffff:10.0.0.1]/', 'address_not_public'],
    ['http://localhost:8080/', 'address_not_public'],
  ])('%s is judged when the call is made', (url, code) => {
    expect(callbackError(url, { ENVIRONMENT: 'production' })).toBe(code);
  });

  it('may be on this machine in local runs only', () => {
    expect(callbackError('http://localhost:8080/', { ENVIRONMENT: 'local' })).toBeNull();
  });
});
