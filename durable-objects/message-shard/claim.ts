/** Handing out the rows of a chunk, and taking back what nobody sent. */
import type { CarrierAccountId } from '../../schema/ids';
import { CLAIM_MESSAGES, LEASE_MS } from '../../schema/limits';
import type { Claim, OutgoingMessage, OwnContent, ShardSettings } from '../../schema/protocol/message-shard';
import { encodeMessageId } from '../../schema/message-id';
import { bindTemplate, parseTemplate, renderBound, type BoundTemplate } from '../../workers/rules/text-variables';
import { rawRows } from '../kit/storage';
import { chunkRows, type Chunk } from './chunks';
import { readRecords, through, writeRecords, type MessageRecord } from './message-records';
import { addChunk } from './release';
import { ANSWER_LOST } from './result-rules';
import type { ShardState } from './shard-state';

const NONE: Claim = { kind: 'none' };

/** @param choose says through which account a chunk goes of which nothing is said yet */
export function claimRows(
  state: ShardState,
  number: number,
  position: number,
  now: number,
  choose: (rows: number) => CarrierAccountId | '',
): Claim {
  const { settings } = state;
  const chunk = state.chunks.get(number);
  if (!settings || !chunk || state.progress.phase !== 'running') return NONE;
  if (chunk.deadline === null || chunk.handed !== position) return NONE;
  chunk.account ??= choose(chunk.count);
  const messages: OutgoingMessage[] = [];
  while (messages.length === 0 && chunk.claimed < chunk.count) {
    const upTo = Math.min(chunk.count, chunk.claimed + CLAIM_MESSAGES);
    for (const row of rowsToSend(state, chunk, chunk.claimed, upTo)) {
      state.chunks.handOut(chunk, acceptedRecord(state, row));
      messages.push(outgoing(settings, row));
    }
    chunk.claimed = upTo;
  }
  chunk.handed += messages.length;
  chunk.deadline = now + LEASE_MS;
  if (chunk.claimed >= chunk.count && chunk.pending.size === 0) state.chunks.remove(chunk);
  else state.chunks.save(chunk);
  if (messages.length === 0) return NONE;
  const { textType, test } = settings;
  const carrierAccount = chunk.account === '' ? settings.carrierAccount : chunk.account;
  return { kind: 'go', messages, last: chunk.claimed >= chunk.count, carrierAccount, textType, test };
}

type StoredRow = [row: number, recipient: number, classId: number, acceptedAt: number | null, content: string | null];

/** Rows of the chunk that still are to be sent: a receipt may have told of a try that was thought to have failed. */
function rowsToSend({ sql }: ShardState, chunk: Chunk, from: number, to: number): StoredRow[] {
  const columns = 'SELECT row, recipient, class, accepted_at, content FROM messages';
  if (chunk.list === null) {
    return rawRows(sql, `${columns} WHERE row BETWEEN ? AND ? AND state = 0`, chunk.first + from, chunk.first + to - 1) as StoredRow[];
  }
  const list = JSON.stringify(chunkRows(chunk, from, to));
  return rawRows(sql, `${columns} WHERE row IN (SELECT value FROM json_each(?)) AND state = 0 ORDER BY row`, list) as StoredRow[];
}

/** An accepted row holds nothing else yet. */
function acceptedRecord({ classes }: ShardState, [row, , classId, acceptedAt]: StoredRow): MessageRecord {
  const { parts } = classes.of(classId);
  const nothing = { error: null, network: null, submittedAt: null, finalAt: null, carrierIds: [] };
  return { row, classId, parts, state: 'accepted', acceptedAt, ...nothing };
}

const outgoing = (settings: ShardSettings, [row, recipient, , , content]: StoredRow): OutgoingMessage => ({
  row,
  id: encodeMessageId(settings.shard, row),
  to: String(recipient),
  ...contentOf(settings, content),
  ...ownWishes(settings, content),
});

/** What an API message says about the way it is sent. */
function ownWishes(settings: ShardSettings, content: string | null): Pick<OutgoingMessage, 'textType' | 'ttlMs'> {
  if (settings.origin !== 'api') return {};
  const { type, ttlMs } = JSON.parse(content ?? '{}') as Partial<OwnContent>;
  return { ...(type !== undefined && { textType: type }), ...(ttlMs !== undefined && { ttlMs }) };
}

let bound: { readonly settings: ShardSettings; readonly template: BoundTemplate } | null = null;
function templateOf(settings: ShardSettings): BoundTemplate {
  if (bound?.settings !== settings) bound = { settings, template: bindTemplate(parseTemplate(settings.text), settings.columns) };
  return bound.template;
}

export function contentOf(settings: ShardSettings, content: string | null): { text: string; from: string; ref: string | null } {
  if (settings.origin === 'api') {
    const { text, sender, ref } = JSON.parse(content ?? '{}') as Partial<OwnContent>;
    return { text: text ?? settings.text, from: sender ?? settings.sender, ref: ref ?? null };
  }
  if (content === null) return { text: settings.text, from: settings.sender, ref: null };
  const rendered = renderBound(templateOf(settings), JSON.parse(content) as string[]);
  // The check refused rows that lack a variable; a text with a hole must not leave whatever happened since.
  if (!rendered.ok) throw new Error('a row lacks a variable of its text');
  return { text: rendered.text, from: settings.sender, ref: null };
}

/** The rows that nobody claimed go back, under a number that no queue message knows. */
export function takeBackUnclaimed(state: ShardState, chunk: Chunk | undefined): void {
  if (!chunk || chunk.deadline === null) return;
  if (chunk.claimed < chunk.count) {
    addChunk(state, chunk, chunk.claimed, chunk.count - chunk.claimed, null, null);
  }
  chunk.count = chunk.claimed;
  if (chunk.pending.size === 0) state.chunks.remove(chunk);
  else state.chunks.save(chunk);
}

/**
 * Leases that ran out: unclaimed rows go back; rows that were claimed and never answered may be with the carrier, so they are never
 * sent again but wait for their receipts.
 */
export function takeBackStale(state: ShardState, now: number, unansweredAfterMs: number): void {
  for (const chunk of state.chunks.overdue(now)) {
    const lost = [...chunk.pending];
    takeBackUnclaimed(state, chunk);
    markUnanswered(state, lost, chunk, now, now + unansweredAfterMs);
    if (state.chunks.get(chunk.number) === chunk) state.chunks.remove(chunk);
  }
}

function markUnanswered(state: ShardState, rowNumbers: readonly number[], chunk: Chunk, now: number, until: number): void {
  if (rowNumbers.length === 0) return;
  const before = readRecords(state, rowNumbers);
  const lost = [...before.values()].filter((record) => record.state === 'accepted');
  writeRecords(
    state,
    before,
    lost.map(
      (record) => ({ ...through(state, record, chunk.account ?? ''), state: 'submitted', error: ANSWER_LOST, submittedAt: now }) as const,
    ),
  );
  const lostRows = lost.map(({ row }) => row);
  state.waits.forgetRetries(lostRows);
  state.waits.awaitReceipts(lostRows, until, chunk.number);
}
