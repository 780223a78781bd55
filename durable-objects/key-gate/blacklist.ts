/** Numbers and countries that a key must not send to. Asked for every request: what is small of it is mirrored in memory. */
import type { BlacklistImportId, Iso2 } from '../../schema/ids';
import type { ListedNumber } from '../../schema/protocol/objects';
import { rawRows, rows, run } from '../kit/storage';

const INSERT_NUMBERS =
  'INSERT INTO numbers (recipient, added_at, reason, source) SELECT value, ?, ?, ? FROM json_each(?) WHERE true ON CONFLICT (recipient) DO NOTHING';

/** Asking memory costs nothing beside a query; a longer list is asked where it lies. */
const MIRRORED_MAX = 5_000;

export class Blacklist {
  readonly #storage: DurableObjectStorage;
  readonly #sql: SqlStorage;
  /** null = to be read: forgotten before each change, whatever becomes of it. */
  #size: number | null = null;
  #numbers: ReadonlySet<number> | null = null;
  #countries: ReadonlySet<Iso2> | null = null;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.#sql = storage.sql;
  }

  get size(): number {
    return (this.#size ??= rows<{ numbers: number }>(this.#sql, 'SELECT numbers FROM blacklist_size')[0]?.numbers ?? 0);
  }

  /** In order. */
  get countries(): ReadonlySet<Iso2> {
    return (this.#countries ??= new Set(rawRows(this.#sql, 'SELECT iso2 FROM countries ORDER BY iso2').map(([iso2]) => iso2 as Iso2)));
  }

  setCountries(countries: readonly Iso2[]): void {
    this.#countries = null;
    this.#storage.transactionSync(() => {
      run(this.#sql, 'DELETE FROM countries');
      run(this.#sql, 'INSERT INTO countries SELECT DISTINCT value FROM json_each(?)', JSON.stringify(countries));
    });
  }

  /** Whether a number is listed, for one call's numbers. */
  among(recipients: readonly number[]): ReadonlySet<number> {
    if (this.size > MIRRORED_MAX) return new Set(this.listed(JSON.stringify(recipients)));
    return (this.#numbers ??= new Set(rawRows(this.#sql, 'SELECT recipient FROM numbers').map(([recipient]) => recipient as number)));
  }

  /** Those of a JSON array of numbers that are listed. */
  listed(recipientsJson: string): number[] {
    // The list drives and the numbers are looked up by primary key: rows read grow with the call, not with the blacklist.
    const query = 'SELECT n.recipient FROM json_each(?) AS asked CROSS JOIN numbers AS n ON n.recipient = asked.value';
    return rawRows(this.#sql, query, recipientsJson).map(([recipient]) => recipient as number);
  }

  page(after: number, limit: number): ListedNumber[] {
    const query = 'SELECT recipient, added_at AS addedAt, reason, source FROM numbers WHERE recipient > ? ORDER BY recipient LIMIT ?';
    return rows(this.#sql, query, after, limit);
  }

  /** @returns how many were new */
  add(recipientsJson: string, reason: 'user' | 'opt_out', source: string | null, now: number): number {
    return this.#change(1, INSERT_NUMBERS, now, reason, source, recipientsJson);
  }

  remove(recipientsJson: string): number {
    return this.#change(-1, 'DELETE FROM numbers WHERE recipient IN (SELECT value FROM json_each(?))', recipientsJson);
  }

  /** Adds a piece of a file once. @returns how many numbers of the file were new so far */
  import(id: BlacklistImportId, through: number, recipientsJson: string, now: number): number {
    return this.#storage.transactionSync(() => {
      const [before] = rows<{ through: number; added: number }>(this.#sql, 'SELECT through, added FROM imports WHERE id = ?', id);
      if (before && through <= before.through) return before.added;
      const added = (before?.added ?? 0) + this.add(recipientsJson, 'user', null, now);
      run(
        this.#sql,
        'INSERT INTO imports (id, through, added) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET through = excluded.through, added = excluded.added',
        id,
        through,
        added,
      );
      return added;
    });
  }

  /** The size is kept beside the numbers: counting ten million rows for every range of a check would be billed as rows read. */
  #change(sign: 1 | -1, statement: string, ...bindings: (string | number | null)[]): number {
    this.#size = null;
    this.#numbers = null;
    return this.#storage.transactionSync(() => {
      run(this.#sql, statement, ...bindings);
      const changed = rows<{ changed: number }>(this.#sql, 'SELECT changes() AS changed')[0]?.changed ?? 0;
      run(this.#sql, 'UPDATE blacklist_size SET numbers = numbers + ?', sign * changed);
      return changed;
    });
  }
}
