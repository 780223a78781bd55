/** Which client addresses a key accepts: IPv4, IPv6 or CIDR of either. An IPv4 address written as IPv6 (`::ffff:1.2.3.4`) is the IPv4 address. */

interface Network {
  readonly bits: 32 | 128;
  readonly value: bigint;
  /** Leading bits that count. */
  readonly prefix: number;
}

const IPV4_IN_IPV6 = 0xffffn << 32n;

/** @returns null when the text is no IPv4 address. A leading zero is refused: some read it as octal. */
function parseIpv4(text: string): bigint | null {
  const octets = text.split('.');
  if (octets.length !== 4) return null;
  let value = 0n;
  for (const octet of octets) {
    if (!/^(?:0|[1-9]\d{0,2})$/.test(octet) || Number(octet) > 255) return null;
    value = (value << 8n) | BigInt(octet);
  }
  return value;
}

/** Groups of one side of `::`; a last group may be an IPv4 address and counts for two. */
function parseGroups(text: string): bigint[] | null {
  if (text === '') return [];
  const groups: bigint[] = [];
  const texts = text.split(':');
  for (const [index, group] of texts.entries()) {
    if (group.includes('.') && index === texts.length - 1) {
      const ipv4 = parseIpv4(group);
      if (ipv4 === null) return null;
      groups.push(ipv4 >> 16n, ipv4 & 0xffffn);
    } else if (/^[0-9a-fA-F]{1,4}$/.test(group)) groups.push(BigInt(`0x${group}`));
    else return null;
  }
  return groups;
}

function parseIpv6(text: string): bigint | null {
  const sides = text.split('::');
  if (sides.length > 2) return null;
  const head = parseGroups(sides[0] ?? '');
  const tail = parseGroups(sides[1] ?? '');
  if (head === null || tail === null) return null;
  const missing = 8 - head.length - tail.length;
  if (sides.length === 1 ? missing !== 0 : missing < 1) return null;
  const groups = [...head, ...Array.from({ length: missing }, () => 0n), ...tail];
  return groups.reduce((value, group) => (value << 16n) | group, 0n);
}

function parseAddress(text: string): { bits: 32 | 128; value: bigint } | null {
  if (!text.includes(':')) {
    const value = parseIpv4(text);
    return value === null ? null : { bits: 32, value };
  }
  const value = parseIpv6(text);
  if (value === null) return null;
  return value >> 32n === IPV4_IN_IPV6 >> 32n ? { bits: 32, value: value & 0xffffffffn } : { bits: 128, value };
}

function parseNetwork(text: string): Network | null {
  const [address = '', length, ...more] = text.trim().split('/');
  const parsed = parseAddress(address);
  if (parsed === null || more.length > 0) return null;
  if (length === undefined) return { ...parsed, prefix: parsed.bits };
  if (!/^\d{1,3}$/.test(length)) return null;
  // A prefix of an IPv4 address written as IPv6 counts from the 96 bits in front of it.
  const prefix = Number(length) - (address.includes(':') && parsed.bits === 32 ? 96 : 0);
  return prefix < 0 || prefix > parsed.bits ? null : { ...parsed, prefix };
}

/** Whether a line that a user typed can stand in an allowlist. */
export const isAllowlistEntry = (text: string): boolean => parseNetwork(text) !== null;

/**
 * @param address as the edge saw it; null (unknown) passes an empty list only.
 * @param allowlist [] = any. An entry that cannot be read allows nobody: a typing error must not open the door.
 */
export function addressAllowed(address: string | null, allowlist: readonly string[]): boolean {
  if (allowlist.length === 0) return true;
  const client = address === null ? null : parseAddress(address.trim());
  if (client === null) return false;
  return allowlist.some((entry) => {
    const network = parseNetwork(entry);
    if (network === null || network.bits !== client.bits) return false;
    const free = BigInt(network.bits - network.prefix);
    return network.value >> free === client.value >> free;
  });
}
