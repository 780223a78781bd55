import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MessageRecord } from '../../durable-objects/message-shard/message-records';
import { mergeEarly, mergeReceipts } from '../../durable-objects/message-shard/receipt-merge';
import { afterResult, ANSWER_LOST } from '../../durable-objects/message-shard/result-rules';
import { SEND_ATTEMPTS } from '../../schema/limits';
import type { RowReceipt } from '../../schema/protocol/message-shard';
import { FINAL_MESSAGE_STATES, type MessageState } from '../../schema/states';

const NONE = new Map<string, never>();
const record = (more: Partial<MessageRecord> = {}): MessageRecord => ({
  row: 1,
  classId: 0,
  parts: 1,
  state: 'submitted',
  error: null,
  network: null,
  acceptedAt: null,
  submittedAt: 1_000,
  finalAt: null,
  carrierIds: ['a'],
  ...more,
});
const receipt = (carrierId: string, status: string, receivedAt = 2_000): RowReceipt => ({
  row: 1,
  carrierId,
  status,
  errorCode: status === 'delivered' ? 0 : 6,
  network: null,
  receivedAt,
});
const merged = (old: MessageRecord, ...receipts: RowReceipt[]): MessageState => mergeReceipts(old, NONE, receipts).record.state;
const STATUSES = ['accepted', 'buffered', 'delivered', 'expired', 'failed', 'rejected', 'unknown'] as const;
const FINAL_STATUSES = ['delivered', 'expired', 'failed', 'rejected', 'unknown'] as const;

describe('the receipts of a message', () => {
  it.each(FINAL_STATUSES)('of one part make it %s', (status) => {
    expect(merged(record(), receipt('a', status))).toBe(status);
  });

  it('come to the same in whatever order its parts are heard of', () => {
    const parts = fc.array(fc.constantFrom(...FINAL_STATUSES), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(
        parts.chain((statuses) => {
          const receipts = statuses.map((status, part) => receipt(`p${part}`, status));
          return fc.tuple(fc.constant(receipts), fc.shuffledSubarray(receipts, { minLength: receipts.length }));
        }),
        ([straight, shuffled]) => {
          const old = record({ parts: straight.length, carrierIds: straight.map(({ carrierId }) => carrierId) });
          expect(merged(old, ...shuffled)).toBe(merged(old, ...straight));
          expect(FINAL_MESSAGE_STATES).toContain(merged(old, ...straight));
        },
      ),
    );
  });

  it('never change what is final for good, and never take a message back', () => {
    const anyReceipt = fc.record({ part: fc.constantFrom('a', 'b'), status: fc.constantFrom(...STATUSES) });
    fc.assert(
      fc.property(
        fc.constantFrom(...FINAL_MESSAGE_STATES),
        fc.array(anyReceipt),
        fc.integer({ min: 1, max: 3 }),
        (state, receipts, parts) => {
          const old = record({ state, parts, carrierIds: [] });
          const after = merged(old, ...receipts.map(({ part, status }) => receipt(part, status)));
          const allowed: readonly MessageState[] = state === 'unknown' || state === 'expired' ? FINAL_MESSAGE_STATES : [state];
          expect(allowed).toContain(after);
        },
      ),
    );
  });

  it('heard of twice count once', () => {
    const old = record({ parts: 2, carrierIds: ['a', 'b'] });
    const twice = mergeReceipts(old, NONE, [receipt('a', 'delivered'), receipt('a', 'delivered')]);
    expect(twice).toMatchObject({ ignored: 1, record: { state: 'submitted' } });
    expect(mergeReceipts(twice.record, twice.parts, [receipt('b', 'delivered', 3_000)]).record).toMatchObject({
      state: 'delivered',
      finalAt: 3_000,
    });
  });

  it('that were all here before the answer make it final with the answer', () => {
    const early = mergeReceipts(record({ parts: 2, carrierIds: [] }), NONE, [receipt('a', 'delivered')]);
    expect(early.record.state).toBe('submitted');
    expect(mergeEarly(record({ parts: 2, carrierIds: ['a'] }), early.parts).state).toBe('delivered');
  });

  it('say that a lost answer was a yes', () => {
    const lost = record({ error: ANSWER_LOST, carrierIds: [] });
    expect(mergeReceipts(lost, NONE, [receipt('a', 'buffered')]).record).toMatchObject({
      state: 'submitted',
      error: null,
      carrierIds: ['a'],
    });
  });

  it('of a partly taken message end it as failed, with the reason of the part that was refused', () => {
    expect(mergeReceipts(record({ error: 'throttled' }), NONE, [receipt('a', 'delivered')]).record).toMatchObject({
      state: 'failed',
      error: 'throttled',
    });
  });

  it('with a word that Vonage adds later leave the message open to correction', () => {
    const strange = mergeReceipts(record(), NONE, [receipt('a', 'teleported')]).record;
    expect(strange.state).toBe('unknown');
    expect(merged(strange, receipt('a', 'delivered'))).toBe('delivered');
  });
});

describe('the answer to a send', () => {
  const accepted = record({ state: 'accepted', submittedAt: null, carrierIds: [] });
  const retry = { kind: 'retry', error: 'throttled', delayMs: 1_000 } as const;

  it('of a carrier that surely took nothing is tried again, later each time, up to the limit', () => {
    const dues = Array.from({ length: SEND_ATTEMPTS - 1 }, (_, attempts) => afterResult(accepted, retry, attempts, 0, () => 0));
    expect(dues.every(({ kind }) => kind === 'retry')).toBe(true);
    const pauses = dues.map((effect) => (effect.kind === 'retry' ? effect.dueAt : 0));
    expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
    expect(pauses[0]).toBeGreaterThanOrEqual(1_000);
    expect(afterResult(accepted, retry, SEND_ATTEMPTS - 1, 0)).toMatchObject({
      kind: 'give_up',
      record: { state: 'failed', error: 'throttled' },
    });
  });

  it('never moves a message that a receipt has ended', () => {
    const delivered = record({ state: 'delivered', carrierIds: [], submittedAt: null, finalAt: 900 });
    for (const outcome of [retry, { kind: 'unanswered' }, { kind: 'rejected', error: 'number_barred' }] as const)
      expect(afterResult(delivered, outcome, 0, 1_000)).toEqual({ kind: 'keep' });
    const answer = { kind: 'submitted', carrierIds: ['a'], network: '46000' } as const;
    expect(afterResult(delivered, answer, 0, 1_000)).toMatchObject({
      record: { state: 'delivered', finalAt: 900, submittedAt: 1_000, carrierIds: ['a'] },
    });
  });
});
