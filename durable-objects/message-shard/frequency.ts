/**
 * Mainland frequency caps of a task: its fresh rows are held against them just before they are released, many at a time, by one call to the
 * tenant's MainlandCaps. The rows are named by their numbers, so a call that is made again after a crash counts nothing twice.
 */
import { MAINLAND_COUNTRY, MAINLAND_ROWS_AHEAD } from '../../schema/limits';
import type { JudgedRows } from '../../schema/protocol/mainland-caps';
import type { Gateways } from '../../workers/gateways';
import { textHash } from '../../workers/gateways/text-hash';
import { rawRows } from '../kit/storage';
import { contentOf } from './claim';
import { readRecords, writeRecords } from './message-records';
import type { StateAccess } from './outbox';
import { judgedRows } from './release';
import type { ShardState } from './shard-state';

type Texts = [row: number, recipient: number, body: number][];

/** Judges the rows that come next, if none of those judged is left. @returns whether there is something new to look at */
export async function judgeAhead({ env, objects }: Pick<Gateways, 'env' | 'objects'>, { read, change }: StateAccess): Promise<boolean> {
  const state = read();
  const { settings, lastRow, progress } = state;
  const from = judgedRows(state);
  if (!settings || from > progress.releasedTo || from >= lastRow) return false;
  const classes = state.classes.all().filter(({ country }) => country === MAINLAND_COUNTRY);
  // A file without a mainland number is not even looked at.
  const last = classes.length === 0 ? lastRow : Math.min(lastRow, from + MAINLAND_ROWS_AHEAD);
  const texts = textsOf(env, state, JSON.stringify(classes.map(({ id }) => id)), from + 1, last);
  const judged: JudgedRows =
    texts.length === 0
      ? { last, blocked: [] }
      : await objects.mainlandCaps(settings.tenant).countRows(settings.shard, from + 1, last, JSON.stringify(texts));
  change((now) => block(now, from, judged));
  return true;
}

function textsOf(env: Gateways['env'], state: ShardState, classes: string, first: number, last: number): Texts {
  const { sql, settings } = state;
  if (!settings || classes === '[]') return [];
  const found = rawRows(
    sql,
    `SELECT row, recipient, content FROM messages
     WHERE row BETWEEN ? AND ? AND state = 0 AND class IN (SELECT value FROM json_each(?))`,
    first,
    last,
    classes,
  ) as [row: number, recipient: number, content: string | null][];
  let shared: number | null = null;
  const hashOf = (content: string | null): number => textHash(env, contentOf(settings, content).text);
  return found.map(([row, recipient, content]) => [row, recipient, content === null ? (shared ??= hashOf(null)) : hashOf(content)]);
}

function block(state: ShardState, from: number, { last, blocked }: JudgedRows): void {
  if (!state.settings) return;
  // A stop may have come in between: what is cancelled stays cancelled.
  const reasons = new Map(blocked);
  const before = readRecords(state, [...reasons.keys()]);
  const at = Date.now();
  writeRecords(
    state,
    before,
    [...before.values()]
      .filter((record) => record.state === 'accepted')
      .map((record) => ({ ...record, state: 'blocked', error: reasons.get(record.row) ?? null, finalAt: at }) as const),
  );
  const isNothingLeft = reasons.size === last - from;
  // Tokens of the carrier are for what goes out.
  state.advance({ judgedTo: last, ...(isNothingLeft && state.progress.releasedTo === from && { releasedTo: last }) });
}
