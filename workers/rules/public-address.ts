/**
 * May the platform call this address for a customer? Outside local runs only what stands on the open internet: no private, loopback,
 * link-local or metadata address in any writing, and no name that only an inside network knows.
 *
 * Where a name leads is asked just before it is called (gateways/name-lookup.ts); redirects are never followed.
 */

/** First address and length of the prefix of every IPv4 network that is not for everybody (IANA special-purpose registry). */
const SPECIAL_IPV4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
];

/** Within 2000::/3, the only IPv6 space in use: networks that hold another address or none. First two groups, length of the prefix. */
const SPECIAL_IPV6: readonly (readonly [number, number, number])[] = [
  [0x2001, 0x0000, 23],
  [0x2001, 0x0db8, 32],
  [0x2002, 0x0000, 16],
  [0x2620, 0x004f, 32],
  [0x3fff, 0x0000, 20],
];

/** Endings of names that mean nothing outside (RFC 6761, RFC 6762, RFC 8375, ICANN's `internal`), and what networks use for themselves. */
const INSIDE_NAMES = [
  'localhost',
  'local',
  'internal',
  'intranet',
  'lan',
  'corp',
  'home',
  'home.arpa',
  'private',
  'test',
  'invalid',
  'onion',
  'arpa',
];

const ipv4Value = (text: string): number => text.split('.').reduce((value, octet) => value * 256 + Number(octet), 0);

function isPublicIpv4(text: string): boolean {
  const value = ipv4Value(text);
  return !SPECIAL_IPV4.some(([network, prefix]) => {
    const size = 2 ** (32 - prefix);
    return Math.floor(value / size) === Math.floor(ipv4Value(network) / size);
  });
}

/** @param text as a URL writes it: lower case, `::` for the longest run of zeros, no IPv4 notation */
function isPublicIpv6(text: string): boolean {
  const head = text.split('::')[0] ?? '';
  const groups = head.split(':').map((group) => Number.parseInt(group, 16) || 0);
  const [first = 0, second = 0] = groups;
  if (first >> 13 !== 1) return false;
  const value = first * 65_536 + second;
  return !SPECIAL_IPV6.some(([one, two, prefix]) => {
    const size = 2 ** (32 - prefix);
    return Math.floor(value / size) === Math.floor((one * 65_536 + two) / size);
  });
}

function isPublicName(name: string): boolean {
  if (!name.includes('.')) return false;
  return !INSIDE_NAMES.some((ending) => name === ending || name.endsWith(`.${ending}`));
}

export type AddressRefusal = 'not_a_url' | 'scheme' | 'credentials' | 'fragment' | 'not_public';

/**
 * @param allowsInside local runs: customers' servers stand on this machine
 * @returns null when the address may be called
 */
export function addressRefusal(text: string, allowsInside = false): AddressRefusal | null {
  if (!URL.canParse(text)) return 'not_a_url';
  // The parser writes every form of an IPv4 address (decimal, octal, hexadecimal, short, full-width) as four decimal numbers.
  const { protocol, username, password, hostname, hash } = new URL(text);
  if (protocol !== 'https:' && protocol !== 'http:') return 'scheme';
  if (username !== '' || password !== '') return 'credentials';
  if (hash !== '') return 'fragment';
  if (allowsInside) return null;
  return isPublicHost(hostname) ? null : 'not_public';
}

/** The same as the error of a field. */
export function addressError(text: string, allowsInside: boolean): 'invalid' | 'address_not_public' | null {
  const refusal = addressRefusal(text, allowsInside);
  if (refusal === null) return null;
  return refusal === 'not_public' ? 'address_not_public' : 'invalid';
}

const IPV4 = /^\d+\.\d+\.\d+\.\d+$/;

function isPublicHost(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/\.$/, '');
  if (host.startsWith('[')) return isPublicIpv6(host.slice(1, -1));
  return IPV4.test(host) ? isPublicIpv4(host) : isPublicName(host);
}

/** The name that has to be looked up before this address can be judged; null where it holds the address itself. */
export function nameOf(url: string): string | null {
  const host = new URL(url).hostname.replace(/\.$/, '');
  return host.startsWith('[') || IPV4.test(host) ? null : host;
}

/** @param address IPv4 or IPv6, as a resolver writes them; anything else is nobody's */
export function isPublicAddress(address: string): boolean {
  const host = address.includes(':') ? `[${address}]` : address;
  if (!URL.canParse(`http://${host}/`)) return false;
  const { hostname } = new URL(`http://${host}/`);
  return hostname.startsWith('[') ? isPublicIpv6(hostname.slice(1, -1)) : IPV4.test(hostname) && isPublicIpv4(hostname);
}
