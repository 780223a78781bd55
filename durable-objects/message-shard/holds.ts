/** Holds of the tenant's ledger that rows of this shard have taken the place of: named to the ledger with the next report, then forgotten. */
import { rows, run } from '../kit/storage';

export class Holds {
  readonly #sql: SqlStorage;
  readonly #references: Set<string>;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.#references = new Set(rows<{ reference: string }>(sql, 'SELECT reference FROM holds').map(({ reference }) => reference));
  }

  get count(): number {
    return this.#references.size;
  }

  all(): string[] {
    return [...this.#references];
  }

  add(reference: string): void {
    run(this.#sql, 'INSERT INTO holds VALUES (?) ON CONFLICT DO NOTHING', reference);
    this.#references.add(reference);
  }

  remove(references: readonly string[]): void {
    if (references.length === 0) return;
    run(this.#sql, 'DELETE FROM holds WHERE reference IN (SELECT value FROM json_each(?))', JSON.stringify(references));
    for (const reference of references) this.#references.delete(reference);
  }
}
