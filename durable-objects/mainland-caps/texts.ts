/**
 * What mainland carriers allow: MAINLAND_IDENTICAL messages of one text and MAINLAND_DIFFERENT different texts to one number in any 24
 * hours. Texts are kept as keyed hashes, which tell nothing.
 */
import { MAINLAND_DIFFERENT, MAINLAND_IDENTICAL, MAINLAND_WINDOW_MS } from '../../schema/limits';
import type { FrequencyReason, MainlandText } from '../../schema/protocol/mainland-caps';
import { rawRows, run } from '../kit/storage';

/** Judges texts in their order and counts those that may go. @returns one a text: its number in the count, or why it may not go */
export function countTexts(sql: SqlStorage, texts: readonly MainlandText[], now: number): (number | FrequencyReason)[] {
  const sent = sentWithin(sql, texts, now);
  const counted: MainlandText[] = [];
  const next = Number(rawRows(sql, 'SELECT max(n) FROM texts')[0]?.[0] ?? 0) + 1;
  const verdicts = texts.map((text): number | FrequencyReason => {
    const [recipient, body] = text;
    let bodies = sent.get(recipient);
    if (!bodies) sent.set(recipient, (bodies = new Map()));
    const times = bodies.get(body) ?? 0;
    if (times >= MAINLAND_IDENTICAL) return 'too_many_identical';
    if (times === 0 && bodies.size >= MAINLAND_DIFFERENT) return 'too_many_different';
    bodies.set(body, times + 1);
    return next + counted.push(text) - 1;
  });
  if (counted.length > 0) {
    run(sql, 'INSERT INTO texts SELECT ? + key, value ->> 0, value ->> 1, ? FROM json_each(?)', next, now, JSON.stringify(counted));
  }
  return verdicts;
}

/** Times sent, by recipient and text: what the window holds of these recipients. */
function sentWithin(sql: SqlStorage, texts: readonly MainlandText[], now: number): Map<number, Map<number, number>> {
  const sent = new Map<number, Map<number, number>>();
  const found = rawRows(
    sql,
    `SELECT t.recipient, t.body, count(*) FROM (SELECT DISTINCT value FROM json_each(?)) AS asked
     CROSS JOIN texts AS t ON t.recipient = asked.value AND t.at > ? GROUP BY t.recipient, t.body`,
    JSON.stringify(texts.map(([recipient]) => recipient)),
    now - MAINLAND_WINDOW_MS,
  ) as [number, number, number][];
  for (const [recipient, body, times] of found) {
    let bodies = sent.get(recipient);
    if (!bodies) sent.set(recipient, (bodies = new Map()));
    bodies.set(body, times);
  }
  return sent;
}

export function forgetTexts(sql: SqlStorage, numbers: readonly number[]): void {
  run(sql, 'DELETE FROM texts WHERE n IN (SELECT value FROM json_each(?))', JSON.stringify(numbers));
}

/** Rows are in order of time: the old ones are the first ones. @returns whether there may be more of them */
export function forgetOldTexts(sql: SqlStorage, now: number, limit: number): boolean {
  const [end] = rawRows(sql, 'SELECT n FROM texts WHERE at > ? ORDER BY n LIMIT 1', now - MAINLAND_WINDOW_MS);
  run(
    sql,
    'DELETE FROM texts WHERE n IN (SELECT n FROM texts WHERE n < ? ORDER BY n LIMIT ?)',
    Number(end?.[0] ?? Number.MAX_SAFE_INTEGER),
    limit,
  );
  const [first] = rawRows(sql, 'SELECT at FROM texts ORDER BY n LIMIT 1');
  return first !== undefined && Number(first[0]) <= now - MAINLAND_WINDOW_MS;
}
