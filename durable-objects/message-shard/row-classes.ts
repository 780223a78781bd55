/** Country, parts and price of rows: few combinations a shard, numbered as they come. */
import type { Iso2 } from '../../schema/ids';
import { rows, run } from '../kit/storage';

export interface RowClass {
  readonly id: number;
  readonly country: Iso2;
  readonly parts: number;
  /** Micro-EUR of the whole message. */
  readonly price: number;
}

const nameOf = (country: string, parts: number, price: number): string => `${country} ${parts} ${price}`;

export class RowClasses {
  readonly #sql: SqlStorage;
  readonly #byId: RowClass[] = [];
  readonly #byName = new Map<string, RowClass>();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    const known = rows<{ id: number; country: string; parts: number; price: number }>(sql, 'SELECT * FROM classes ORDER BY id');
    for (const { id, country, parts, price } of known) this.#remember({ id, country: country as Iso2, parts, price });
  }

  of(id: number): RowClass {
    const found = this.#byId[id];
    if (!found) throw new Error('a row names a class that does not exist');
    return found;
  }

  /** The class of these values; a new one is written at once. */
  find(country: Iso2, parts: number, price: number): RowClass {
    const found = this.#byName.get(nameOf(country, parts, price));
    if (found) return found;
    const made: RowClass = { id: this.#byId.length, country, parts, price };
    run(this.#sql, 'INSERT INTO classes VALUES (?, ?, ?, ?)', made.id, country, parts, price);
    this.#remember(made);
    return made;
  }

  /** The same message, at no cost: it never reached the carrier. */
  free(id: number): RowClass {
    const { country, parts } = this.of(id);
    return this.find(country, parts, 0);
  }

  all(): readonly RowClass[] {
    return this.#byId;
  }

  #remember(one: RowClass): void {
    this.#byId[one.id] = one;
    this.#byName.set(nameOf(one.country, one.parts, one.price), one);
  }
}
