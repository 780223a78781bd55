import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TaskView } from '../../schema/console';
import type { TaskId } from '../../schema/ids';
import { CONNECTIONS_PER_INVOCATION } from '../../schema/limits';
import type { Knobs, KnobsInput } from '../../workers/simulator/knobs';
import type { Statistics } from '../../workers/simulator/statistics';
import { contentOf, startJourney, until, untilEnded, untilRead, upload, type Journey } from './support/journey';

const ROWS = 300;
const SHORT_TEXT = 'Hi there';
/** Two parts of GSM-7. */
const LONG_TEXT = 'x'.repeat(200);
const TROUBLE = 0.4;
/** Six tries of one message take half a minute, and a chunk that was lost on its way another half. */
const TROUBLE_LIMIT_MS = 120_000;

/** What a trouble left behind: the task, and what the carrier counted meanwhile. */
interface Aftermath {
  readonly byState: TaskView['sending']['byState'];
  readonly before: Statistics;
  readonly after: Statistics;
}

describe('a task of 300 messages and a carrier in trouble', () => {
  let journey: Journey;
  let calm: Knobs;
  let block = 10;

  /** The knobs of a calm carrier with prompt receipts, but for those named. */
  const turn = (knobs: Partial<KnobsInput> = {}): Promise<Knobs> => journey.carrier.control({ ...calm, ...knobs });

  /** Confirmed, on its way, to numbers that no other task here has. */
  const begin = async (text = SHORT_TEXT): Promise<TaskId> => {
    block += 1;
    const numbers = Array.from({ length: ROWS }, (_, row) => `+62812${block}${String(row).padStart(6, '0')}`);
    const id = await journey.client.createTask(
      contentOf(journey, await upload(journey, 'numbers.csv', `number\n${numbers.join('\n')}`), text),
    );
    const read = await untilRead(journey, id);
    expect(read.check.totals.valid).toBe(ROWS);
    await journey.client.confirm(id);
    return id;
  };

  const afterTrouble = async (knobs: Partial<KnobsInput>, text?: string): Promise<Aftermath> => {
    await turn(knobs);
    const before = await journey.carrier.stats();
    const ended = await untilEnded(journey, await begin(text), TROUBLE_LIMIT_MS);
    expect(ended.state).toBe('finished');
    return { byState: ended.sending.byState, before, after: await journey.carrier.stats() };
  };

  /** Of messages that the carrier took. */
  const taken = ({ before, after }: Pick<Aftermath, 'before' | 'after'>): number => after.accepted - before.accepted;

  let hanging: { readonly task: TaskId; readonly before: Statistics; readonly after: Statistics };

  beforeAll(async () => {
    journey = await startJourney();
    calm = await journey.carrier.control({ receiptDelayMs: 100, receiptSpreadMs: 200 });
    // The longest first: while its messages wait for an answer that never comes, the others have their turn.
    await turn({ hangShare: 0.5, answerHangsShare: 0.5 });
    const before = await journey.carrier.stats();
    const task = await begin();
    const after = await until(
      'the hanging',
      10_000,
      () => journey.carrier.stats(),
      ({ requests }) => requests - before.requests >= CONNECTIONS_PER_INVOCATION,
    );
    hanging = { task, before, after };
    await turn();
    await until(
      'the rest of the task',
      60_000,
      () => journey.client.task(task),
      ({ sending }) => (sending.byState.accepted ?? 0) + (sending.byState.queued ?? 0) === 0,
    );
  });
  afterAll(() => journey.stop());

  it('throttled: everything is delivered, nobody twice', async () => {
    const { byState, ...counted } = await afterTrouble({ throttlePerSecond: 100 });
    expect(byState).toEqual({ delivered: ROWS });
    expect(taken(counted)).toBe(ROWS);
    expect(counted.after.byStatus['1']).toBeGreaterThan(0);
  });

  it('unwell (HTTP 500, 502, 503): what was not taken is tried again, what was taken is not', async () => {
    const { byState, ...counted } = await afterTrouble({ httpErrorShare: TROUBLE / 2 });
    expect((byState.delivered ?? 0) + (byState.failed ?? 0)).toBe(ROWS);
    // A message fails after six tries in a row met the trouble: one in fifteen thousand.
    expect(byState.failed ?? 0).toBeLessThan(5);
    expect(taken(counted)).toBe(byState.delivered);
  });

  it('malformed answers: the receipt says what the answer did not', async () => {
    const { byState, ...counted } = await afterTrouble({ malformedShare: TROUBLE });
    expect(byState).toEqual({ delivered: ROWS });
    expect(taken(counted)).toBe(ROWS);
  });

  it('answers lost: the message is not sent again, its receipt settles it', async () => {
    const { byState, ...counted } = await afterTrouble({ answerLostShare: TROUBLE });
    expect(byState).toEqual({ delivered: ROWS });
    expect(taken(counted)).toBe(ROWS);
    expect(counted.after.byFault.answer_lost).toBeGreaterThan(0);
  });

  it('some parts taken, some refused: the message failed and is not repeated', async () => {
    const { byState, ...counted } = await afterTrouble({ mixedPartsShare: TROUBLE }, LONG_TEXT);
    const mixed = counted.after.byFault.mixed_parts ?? 0;
    expect(mixed).toBeGreaterThan(0);
    expect(byState).toEqual({ delivered: ROWS - mixed, failed: mixed });
    expect(taken(counted)).toBe(ROWS);
  });

  it('every refusal and every kind of receipt: each message ends as the carrier said', async () => {
    const { byState, before, after } = await afterTrouble({
      refusals: { 6: 0.1, 9: 0.1 },
      outcomes: { failed: { 8: 0.1, 99: 0.1 }, expired: 0.1, rejected: 0.1, unknown: 0.1 },
    });
    const told = (status: keyof Statistics['receipts']['byStatus']): number =>
      (after.receipts.byStatus[status] ?? 0) - (before.receipts.byStatus[status] ?? 0);
    const refused = (status: string): number => (after.byStatus[status] ?? 0) - (before.byStatus[status] ?? 0);
    expect(byState).toEqual({
      delivered: told('delivered'),
      failed: told('failed'),
      expired: told('expired'),
      unknown: told('unknown'),
      rejected: told('rejected') + refused('6') + refused('9'),
    });
  });

  it.each([
    ['twice', { duplicateReceiptShare: 1 }],
    ['late', { lateReceiptShare: TROUBLE, lateReceiptMs: 3_000 }],
    ['out of order', { outOfOrderReceiptShare: 1 }],
    ['before the answer', { receiptBeforeAnswerShare: 1, answerDelayMs: 20 }],
  ] satisfies [string, Partial<KnobsInput>][])('receipts %s: each message is delivered once', async (_, knobs) => {
    const { byState, ...counted } = await afterTrouble(knobs);
    await journey.carrier.receiptsSettled();
    expect(byState).toEqual({ delivered: ROWS });
    expect(taken(counted)).toBe(ROWS);
  });

  it('receipts before the answer, of several parts: complete only with the last part', async () => {
    const { byState } = await afterTrouble({ receiptBeforeAnswerShare: 1 }, LONG_TEXT);
    expect(byState).toEqual({ delivered: ROWS });
  });

  it('forged receipts change nothing, the true ones that follow do', async () => {
    await turn({ wrongSignatureShare: 1 });
    const { receipts } = await journey.carrier.stats();
    const id = await begin();
    await until(
      'the refusals of the forged receipts',
      20_000,
      () => journey.carrier.stats(),
      (stats) => stats.receipts.failed - receipts.failed === ROWS,
    );
    // A shard tells its task once a second, so the task may still show the moment before.
    const { sending } = await until(
      'the task to show every row as submitted',
      10_000,
      () => journey.client.task(id),
      (view) => (view.sending.byState.submitted ?? 0) === ROWS || (view.sending.byState.delivered ?? 0) > 0,
    );
    expect(sending.byState).toEqual({ submitted: ROWS });
    for (const { clientRef, to, messageIds } of await journey.carrier.messages({ limit: ROWS })) {
      const [messageId] = messageIds;
      expect(await journey.carrier.receipt({ clientRef, to, ...(messageId === undefined ? {} : { messageId }) })).toMatchObject({
        outcome: 'taken',
      });
    }
    const ended = await untilEnded(journey, id);
    expect(ended.sending.byState).toEqual({ delivered: ROWS });
  });

  it('a receipt for a message that nobody sent is taken and forgotten', async () => {
    const answer = await journey.carrier.receipt({ clientRef: 'NOBODY000000000' });
    expect(answer).toMatchObject({ outcome: 'taken' });
  });

  it('hanging: what got no answer and no receipt becomes unknown, and is never sent again', async () => {
    const { task, before, after } = hanging;
    const ended = await untilEnded(journey, task);
    const notTaken = (after.byFault.hang ?? 0) - (before.byFault.hang ?? 0);
    expect(ended.state).toBe('finished');
    expect(ended.sending.byState.unknown ?? 0).toBe(notTaken);
    expect(ended.sending.byState.delivered).toBe(ROWS - notTaken);
  });

  it('in all of this nobody got a message twice', async () => {
    const { repeats, repeatExamples } = await journey.carrier.stats();
    expect({ repeats, repeatExamples }).toEqual({ repeats: 0, repeatExamples: [] });
  });
});
