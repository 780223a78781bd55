/**
 * Messages of the API that waited for their time, up to 30 days: their key is asked about them once more before they leave, for it may have been
 * switched off since, or their number or country blacklisted.
 */
import type { DueRecipient } from '../../schema/protocol/objects';
import type { Gateways } from '../../workers/gateways';
import { rawRows } from '../kit/storage';
import { readRecords, writeRecords } from './message-records';
import type { StateAccess } from './outbox';
import type { ShardState } from './shard-state';

const ASKED_AT_ONCE = 1_000;

/** @returns whether there was anything to ask about */
export async function askAgain({ objects }: Pick<Gateways, 'objects'>, { read, change }: StateAccess, now: number): Promise<boolean> {
  const state = read();
  if (state.settings?.origin !== 'api') return false;
  const due = state.waits.scheduledUntil(now, ASKED_AT_ONCE);
  if (due.length === 0) return false;
  const { rows, recipients } = recipientsOf(state, due);
  const reasons = await objects.keyGate(state.settings.key).screenDue(JSON.stringify(recipients));
  const blocked = new Map(rows.flatMap((row, at) => (reasons[at] ? [[row, reasons[at]] as const] : [])));
  change((later) => {
    later.waits.admit(rows.filter((row) => !blocked.has(row)));
    block(later, blocked);
  });
  return true;
}

function recipientsOf({ sql, classes }: ShardState, due: readonly number[]): { rows: number[]; recipients: DueRecipient[] } {
  const query = 'SELECT row, recipient, class FROM messages WHERE row IN (SELECT value FROM json_each(?))';
  const found = rawRows(sql, query, JSON.stringify(due)) as [row: number, recipient: number, classId: number][];
  return {
    rows: found.map(([row]) => row),
    recipients: found.map(([, recipient, classId]) => [recipient, classes.of(classId).country]),
  };
}

function block(state: ShardState, reasons: ReadonlyMap<number, string>): void {
  if (reasons.size === 0) return;
  const before = readRecords(state, [...reasons.keys()]);
  // A cancellation may have come in between.
  const waiting = [...before.values()].filter(({ row, state: of }) => of === 'accepted' && state.waits.unschedule(row));
  const finalAt = Date.now();
  writeRecords(
    state,
    before,
    waiting.map((record) => ({ ...record, state: 'blocked', error: reasons.get(record.row) ?? null, finalAt }) as const),
  );
}
