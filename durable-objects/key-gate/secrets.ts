/** The live secrets of a key, hashed. Read for every request, changed hardly ever: memory mirrors the table. */
import { SECRETS_PER_KEY } from '../../schema/limits';
import type { KeyFacts } from '../../schema/protocol/objects';
import { rows, run } from '../kit/storage';

const encoder = new TextEncoder();

export class Secrets {
  readonly #storage: DurableObjectStorage;
  /** null = to be read: forgotten before each change, so that none which fails leaves a secret alive. */
  #live: readonly Uint8Array[] | null = null;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  /** Looks at every one in constant time, so that the answer's time tells nothing about which one was nearly right. */
  knows(sha256Hex: string): boolean {
    const given = encoder.encode(sha256Hex.toLowerCase());
    let known = false;
    const all = this.#live ?? this.#read();
    this.#live = all;
    for (const live of all) if (live.byteLength === given.byteLength && crypto.subtle.timingSafeEqual(live, given)) known = true;
    return known;
  }

  list(): KeyFacts['secrets'] {
    return rows<{ n: number; addedAt: number | null }>(this.#storage.sql, 'SELECT n, added_at AS addedAt FROM secrets ORDER BY n');
  }

  /** The oldest goes when there are too many. */
  add(sha256Hex: string, now: number): void {
    this.#live = null;
    this.#storage.transactionSync(() => {
      const { sql } = this.#storage;
      run(sql, 'INSERT INTO secrets (sha256, added_at) VALUES (?, ?) ON CONFLICT (sha256) DO NOTHING', sha256Hex.toLowerCase(), now);
      run(sql, 'DELETE FROM secrets WHERE n NOT IN (SELECT n FROM secrets ORDER BY n DESC LIMIT ?)', SECRETS_PER_KEY);
    });
  }

  /** Not the last one. @returns whether it is gone */
  remove(n: number): boolean {
    this.#live = null;
    return this.#storage.transactionSync(() => {
      run(this.#storage.sql, 'DELETE FROM secrets WHERE n = ? AND (SELECT count(*) FROM secrets) > 1', n);
      return rows<{ changed: number }>(this.#storage.sql, 'SELECT changes() AS changed')[0]?.changed === 1;
    });
  }

  #read(): Uint8Array[] {
    return rows<{ sha256: string }>(this.#storage.sql, 'SELECT sha256 FROM secrets').map(({ sha256 }) => encoder.encode(sha256));
  }
}
