/** Country, parts, price and sender of rows: few combinations a shard, numbered as they come. */
import type { Iso2 } from '../../schema/ids';
import { OTHER_SENDERS, SENDERS_PER_SHARD } from '../../schema/limits';
import { rows, run } from '../kit/storage';

export interface RowClass {
  readonly id: number;
  readonly country: Iso2;
  readonly parts: number;
  /** Micro-EUR of the whole message. */
  readonly price: number;
  /** '' = the sender of the shard's settings; OTHER_SENDERS = one more than are told apart. */
  readonly sender: string;
}

const nameOf = (country: string, parts: number, price: number, sender: string): string => `${country} ${parts} ${price} ${sender}`;

export class RowClasses {
  readonly #sql: SqlStorage;
  readonly #byId: RowClass[] = [];
  readonly #byName = new Map<string, RowClass>();
  readonly #senders = new Set<string>();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    const known = rows<{ id: number; country: string; parts: number; price: number; sender: string }>(
      sql,
      'SELECT * FROM classes ORDER BY id',
    );
    for (const { id, country, parts, price, sender } of known) this.#remember({ id, country: country as Iso2, parts, price, sender });
  }

  of(id: number): RowClass {
    const found = this.#byId[id];
    if (!found) throw new Error('a row names a class that does not exist');
    return found;
  }

  /** The class of these values; a new one is written at once. */
  find(country: Iso2, parts: number, price: number, wantedSender: string): RowClass {
    const sender = this.#senders.has(wantedSender) || this.#senders.size < SENDERS_PER_SHARD ? wantedSender : OTHER_SENDERS;
    const found = this.#byName.get(nameOf(country, parts, price, sender));
    if (found) return found;
    const made: RowClass = { id: this.#byId.length, country, parts, price, sender };
    run(
      this.#sql,
      'INSERT INTO classes (id, country, parts, price, sender) VALUES (?, ?, ?, ?, ?)',
      made.id,
      country,
      parts,
      price,
      sender,
    );
    this.#remember(made);
    return made;
  }

  /** The same message, at no cost: it never reached the carrier. */
  free(id: number): RowClass {
    const { country, parts, sender } = this.of(id);
    return this.find(country, parts, 0, sender);
  }

  all(): readonly RowClass[] {
    return this.#byId;
  }

  #remember(one: RowClass): void {
    this.#byId[one.id] = one;
    this.#byName.set(nameOf(one.country, one.parts, one.price, one.sender), one);
    if (one.sender !== OTHER_SENDERS) this.#senders.add(one.sender);
  }
}
