/** Country, parts, price, sender and carrier account of rows: few combinations a shard, numbered as they come. */
import type { CarrierAccountId, Iso2 } from '../../schema/ids';
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
  /** Through which the rows went, or last tried to; '' = that of the shard's settings, or none so far. */
  readonly account: CarrierAccountId | '';
}

const nameOf = ({ country, parts, price, sender, account }: Omit<RowClass, 'id'>): string =>
  `${country} ${parts} ${price} ${sender} ${account}`;

export class RowClasses {
  readonly #sql: SqlStorage;
  readonly #byId: RowClass[] = [];
  readonly #byName = new Map<string, RowClass>();
  readonly #senders = new Set<string>();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    const known = rows<{ id: number; country: Iso2; parts: number; price: number; sender: string; account: CarrierAccountId | '' }>(
      sql,
      'SELECT * FROM classes ORDER BY id',
    );
    for (const one of known) this.#remember(one);
  }

  of(id: number): RowClass {
    const found = this.#byId[id];
    if (!found) throw new Error('a row names a class that does not exist');
    return found;
  }

  /** The class of these values; a new one is written at once. */
  find(country: Iso2, parts: number, price: number, wantedSender: string): RowClass {
    const sender = this.#senders.has(wantedSender) || this.#senders.size < SENDERS_PER_SHARD ? wantedSender : OTHER_SENDERS;
    return this.#same({ country, parts, price, sender, account: '' });
  }

  /** The same message, at no cost: it never reached the carrier. */
  free(id: number): RowClass {
    return this.#same({ ...this.of(id), price: 0 });
  }

  /** The same message, through this account. */
  through(id: number, account: CarrierAccountId | ''): RowClass {
    const one = this.of(id);
    return one.account === account ? one : this.#same({ ...one, account });
  }

  #same(wanted: Omit<RowClass, 'id'>): RowClass {
    const found = this.#byName.get(nameOf(wanted));
    if (found) return found;
    const { country, parts, price, sender, account } = wanted;
    const made: RowClass = { id: this.#byId.length, country, parts, price, sender, account };
    run(
      this.#sql,
      'INSERT INTO classes (id, country, parts, price, sender, account) VALUES (?, ?, ?, ?, ?, ?)',
      made.id,
      country,
      parts,
      price,
      sender,
      account,
    );
    this.#remember(made);
    return made;
  }

  all(): readonly RowClass[] {
    return this.#byId;
  }

  #remember(one: RowClass): void {
    this.#byId[one.id] = one;
    this.#byName.set(nameOf(one), one);
    if (one.sender !== OTHER_SENDERS) this.#senders.add(one.sender);
  }
}
