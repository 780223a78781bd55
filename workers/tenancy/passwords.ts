/** Passwords at rest: scrypt, and as much work for an account that does not exist as for one that does. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** OWASP's scrypt setting for 16 MB of memory; about 136 ms in workerd. Stored with each hash, so it may grow later. */
const COST = { N: 2 ** 14, r: 8, p: 5 } as const;
const SALT_BYTES = 16;
const HASH_BYTES = 32;

interface StoredHash {
  readonly N: number;
  readonly r: number;
  readonly p: number;
  readonly salt: Uint8Array;
  readonly hash: Uint8Array;
}

/** Compared with where nobody has this login; no password meets it, because its hash is not scrypt's. */
const NOBODY: StoredHash = { ...COST, salt: new Uint8Array(SALT_BYTES), hash: new Uint8Array(HASH_BYTES) };

/** The same password typed on another keyboard may come as other code points (NIST SP 800-63B §3.1.1.2). */
function derive(password: string, salt: Uint8Array, { N, r, p }: { N: number; r: number; p: number }): Promise<Uint8Array> {
  return new Promise((done, fail) => {
    scrypt(password.normalize('NFKC'), salt, HASH_BYTES, { N, r, p }, (thrown, hash) => (thrown ? fail(thrown) : done(hash)));
  });
}

/** `N$r$p$salt$hash`, salt and hash in base64. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt, COST);
  return [COST.N, COST.r, COST.p, salt.toString('base64'), Buffer.from(hash).toString('base64')].join('$');
}

/** @param stored null where there is no such account: takes as long and is false. */
export async function passwordMatches(password: string, stored: string | null): Promise<boolean> {
  const expected = stored === null ? NOBODY : readHash(stored);
  const hash = await derive(password, expected.salt, expected);
  return timingSafeEqual(hash, expected.hash) && stored !== null;
}

function readHash(stored: string): StoredHash {
  const [N, r, p, salt, hash] = stored.split('$');
  if (!N || !r || !p || !salt || !hash) throw new Error('a stored password hash is not readable');
  return { N: Number(N), r: Number(r), p: Number(p), salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') };
}

/** 32 characters that nobody mistakes for one another. */
const READABLE = 'abcdefghijkmnpqrstuvwxyz23456789';
const FIRST_PASSWORD_CHARACTERS = 16;

/** A first password, 80 random bits, in groups of four: `k3fa-9dhx-…`. Must be changed at the first sign-in. */
export function newFirstPassword(): string {
  const characters = Array.from(randomBytes(FIRST_PASSWORD_CHARACTERS), (byte) => READABLE[byte % READABLE.length]).join('');
  return characters.replace(/.{4}(?=.)/g, '$&-');
}
