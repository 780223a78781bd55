/**
 * What mainland carriers allow: MAINLAND_IDENTICAL messages of one text and MAINLAND_DIFFERENT different texts to one number in any 24
 * hours. Texts are kept as keyed hashes, which tell nothing.
 */
import type { BlockReason } from '../../schema/errors';
import { MAINLAND_DIFFERENT, MAINLAND_IDENTICAL, MAINLAND_WINDOW_MS } from '../../schema/limits';
import { rawRows, run } from '../kit/storage';

type Text = readonly [recipient: number, body: number];

export class MainlandTexts {
  readonly #sql: SqlStorage;
  /** Times sent, by recipient and text. */
  readonly #sent = new Map<number, Map<number, number>>();
  readonly #fresh: Text[] = [];

  /** @param recipients of one request; what they were sent within the window is read at once */
  constructor(sql: SqlStorage, recipients: readonly number[], now: number) {
    this.#sql = sql;
    const found = rawRows(
      sql,
      `SELECT t.recipient, t.body, count(*) FROM (SELECT DISTINCT value FROM json_each(?)) AS asked
       CROSS JOIN texts AS t ON t.recipient = asked.value AND t.at > ? GROUP BY t.recipient, t.body`,
      JSON.stringify(recipients),
      now - MAINLAND_WINDOW_MS,
    ) as [number, number, number][];
    for (const [recipient, body, times] of found) this.#of(recipient).set(body, times);
  }

  /** null = may go. */
  judge(recipient: number, body: number): Extract<BlockReason, 'too_many_identical' | 'too_many_different'> | null {
    const texts = this.#of(recipient);
    const times = texts.get(body) ?? 0;
    if (times >= MAINLAND_IDENTICAL) return 'too_many_identical';
    return times === 0 && texts.size >= MAINLAND_DIFFERENT ? 'too_many_different' : null;
  }

  count(recipient: number, body: number): void {
    const texts = this.#of(recipient);
    texts.set(body, (texts.get(body) ?? 0) + 1);
    this.#fresh.push([recipient, body]);
  }

  /** Writes what was counted. @returns its row numbers, first and last; null when it is nothing */
  save(now: number): readonly [first: number, last: number] | null {
    if (this.#fresh.length === 0) return null;
    const [newest] = rawRows(this.#sql, 'SELECT max(n) FROM texts');
    const before = Number(newest?.[0] ?? 0);
    run(
      this.#sql,
      'INSERT INTO texts SELECT ? + key, value ->> 0, value ->> 1, ? FROM json_each(?)',
      before + 1,
      now,
      JSON.stringify(this.#fresh),
    );
    return [before + 1, before + this.#fresh.length];
  }

  #of(recipient: number): Map<number, number> {
    let texts = this.#sent.get(recipient);
    if (!texts) this.#sent.set(recipient, (texts = new Map()));
    return texts;
  }
}

export function forgetTexts(sql: SqlStorage, [first, last]: readonly [number, number]): void {
  run(sql, 'DELETE FROM texts WHERE n BETWEEN ? AND ?', first, last);
}

/** Rows are in order of time: the old ones are the first ones. */
export function forgetOldTexts(sql: SqlStorage, now: number): void {
  run(sql, 'DELETE FROM texts WHERE n < (SELECT coalesce(min(n), 9e15) FROM texts WHERE at > ?)', now - MAINLAND_WINDOW_MS);
}
