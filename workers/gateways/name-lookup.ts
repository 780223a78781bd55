/**
 * Where a customer's name leads, asked just before it is called: a name that was made to point at an inside address (DNS rebinding) is not
 * called at all. By DNS over HTTPS, because a Worker has no other way to ask.
 *
 * It narrows, it does not close: `fetch` resolves once more, and a name that answers differently from one moment to the next may get past.
 * What closes it is the network, as docs/api.md says.
 */
import type { Env } from '../../schema/env';
import { NAME_KNOWN_MAX_MS, NAME_LOOKUP_TIMEOUT_MS } from '../../schema/limits';
import { isPublicAddress } from '../rules/public-address';

/** `inside`: at least one of its addresses is not on the open internet. `unknown`: it has none, or nobody could say. */
export type Lookup = 'public' | 'inside' | 'unknown';

/** Record types that hold an address (IANA DNS parameters). */
const TYPES = { A: 1, AAAA: 28 } as const;
const NO_ERROR = 0;
const RESOLVER = 'https://cloudflare-dns.com/dns-query';
const REMEMBERED_MAX = 1_000;

interface Found {
  readonly addresses: readonly string[];
  readonly ttlMs: number;
}

/** Names that lead outside, until their records may have changed. */
const known = new Map<string, number>();

export async function lookUp({ DNS_URL = RESOLVER }: Pick<Env, 'DNS_URL'>, host: string, now: number): Promise<Lookup> {
  const name = `${DNS_URL} ${host}`;
  if ((known.get(name) ?? 0) > now) return 'public';
  const answers = await Promise.all([ask(DNS_URL, host, 'A'), ask(DNS_URL, host, 'AAAA')]);
  const found = answers.filter((answer) => answer !== null);
  const addresses = found.flatMap((answer) => answer.addresses);
  if (!addresses.every(isPublicAddress)) return 'inside';
  // Half an answer may hide the other half.
  if (found.length < answers.length || addresses.length === 0) return 'unknown';
  if (known.size >= REMEMBERED_MAX) known.clear();
  known.set(name, now + Math.min(NAME_KNOWN_MAX_MS, ...found.map(({ ttlMs }) => ttlMs)));
  return 'public';
}

/** null when the resolver has no answer that can be read. */
async function ask(resolver: string, host: string, type: keyof typeof TYPES): Promise<Found | null> {
  const url = new URL(resolver);
  url.searchParams.set('name', host);
  url.searchParams.set('type', type);
  try {
    const response = await fetch(url, { headers: { accept: 'application/dns-json' }, signal: AbortSignal.timeout(NAME_LOOKUP_TIMEOUT_MS) });
    const said: unknown = await response.json();
    return response.ok ? read(said, TYPES[type]) : null;
  } catch {
    return null;
  }
}

/** The JSON form of an answer; names on the way (CNAME) are left out, what they lead to stands beside them. */
function read(said: unknown, type: number): Found | null {
  if (typeof said !== 'object' || said === null || !('Status' in said) || said.Status !== NO_ERROR) return null;
  const records: readonly unknown[] = 'Answer' in said && Array.isArray(said.Answer) ? said.Answer : [];
  const ours = records.flatMap((record) => {
    if (typeof record !== 'object' || record === null || !('type' in record) || record.type !== type) return [];
    const data = 'data' in record && typeof record.data === 'string' ? record.data : '';
    return [{ data, ttl: 'TTL' in record && typeof record.TTL === 'number' ? record.TTL : 0 }];
  });
  return { addresses: ours.map(({ data }) => data), ttlMs: Math.min(...ours.map(({ ttl }) => ttl * 1_000), NAME_KNOWN_MAX_MS) };
}
