/** Receipts of rows of this shard, in one transaction a batch. */
import type { RowReceipt } from '../../schema/protocol/message-shard';
import { hourOf, readRecords, through, writeRecords, type MessageRecord } from './message-records';
import { readParts, writeParts } from './part-receipts';
import { isSettled, mergeReceipts, type PartReceipt } from './receipt-merge';
import { isUnanswered } from './result-rules';
import type { ShardState } from './shard-state';

export function applyReceipts(state: ShardState, receipts: readonly RowReceipt[]): { readonly applied: number; readonly ignored: number } {
  const byRow = new Map<number, RowReceipt[]>();
  for (const receipt of receipts) {
    const known = byRow.get(receipt.row);
    if (known) known.push(receipt);
    else byRow.set(receipt.row, [receipt]);
  }
  const before = readRecords(state, [...byRow.keys()]);
  const tried = state.waits.attempts([...byRow.keys()]);
  const severalParts = [...before.values()].filter((record) => Math.max(record.parts, record.carrierIds.length) > 1).map(({ row }) => row);
  const knownParts = readParts(state, severalParts);
  const after = new Map<number, MessageRecord>();
  const changedParts: (PartReceipt & { row: number })[] = [];
  let ignored = 0;
  for (const [row, news] of byRow) {
    const old = before.get(row);
    // Nobody sent this row yet: whoever speaks of it is mistaken.
    if (!old || (old.state === 'accepted' && !state.chunks.isPending(row) && !tried.get(row))) {
      ignored += news.length;
      continue;
    }
    const known = knownParts.get(row) ?? new Map<string, PartReceipt>();
    const carried = through(state, old, state.chunks.accountOf(row));
    const merged = mergeReceipts(carried, known, news);
    ignored += merged.ignored;
    if (merged.record !== carried) after.set(row, merged.record);
    if (isSettled(merged.record)) continue;
    for (const part of merged.parts.values()) if (known.get(part.carrierId) !== part) changedParts.push({ row, ...part });
  }
  writeRecords(state, before, after.values());
  for (const record of after.values()) noteLag(state, before.get(record.row), record);
  for (const record of after.values()) state.chunks.changed(record);
  writeParts(state, changedParts);
  state.waits.forgetRetries([...after.keys()]);
  state.waits.stopAwaiting([...after.values()].filter((record) => !isUnanswered(record)).map(({ row }) => row));
  return { applied: receipts.length - ignored, ignored };
}

/** How long the carrier took from the answer to the receipt that made the row final; a correction later says nothing of that. */
function noteLag(
  { tallies }: ShardState,
  old: MessageRecord | undefined,
  { acceptedAt, classId, submittedAt, finalAt }: MessageRecord,
): void {
  if (!old || old.finalAt !== null || finalAt === null) return;
  tallies.addLag(hourOf(acceptedAt), classId, finalAt - (submittedAt ?? finalAt));
}
