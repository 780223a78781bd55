import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TaskView } from '../../schema/console';
import type { TaskId } from '../../schema/ids';
import { CLAIM_MESSAGES } from '../../schema/limits';
import { FINAL_MESSAGE_STATES } from '../../schema/states';
import { startFakeCarrier, type FakeCarrier } from '../support/fake-carrier';
import { freePort, startPlatform, type TestPlatform } from '../support/server';
import { startCarrierRecorder, type CarrierRecorder } from './support/carrier-recorder';
import { exportedRows, type ExportedRow } from './support/exported-log';
import { contentOf, receiptUrl, signIn, until, untilEnded, upload, type Somebody } from './support/journey';

/** Columns of the exported log. */
const [ID, TO, STATUS] = ['短信ID', '手机号码', '状态'] as const;
const ROWS = 50_000;
/** Chunks in hands at once: what one batch of the marketing queue holds (wrangler.toml). */
const CHUNKS_AT_ONCE = 4;
const KILLS_WHILE_SENDING = 2;

/** Unique Indonesian mobiles; one row in 50 repeats the row before it, one in 100 is no number. Padded, so that the check takes a while. */
function recipients(): { readonly csv: string; readonly valid: ReadonlySet<string> } {
  const valid = new Set<string>();
  const lines = ['number,name,note'];
  let previous = '';
  for (let row = 0; row < ROWS; row += 1) {
    let number = `62812${String(10_000_000 + row)}`;
    if (row % 100 === 99) number = 'not a number';
    else if (row % 50 === 49) number = previous;
    else {
      valid.add(number);
      previous = number;
    }
    lines.push(`${number},Customer ${row},${'padding '.repeat(25)}`);
  }
  return { csv: lines.join('\n'), valid };
}

const sentSoFar = ({ sending, check }: TaskView): number =>
  check.totals.valid - (sending.byState.accepted ?? 0) - (sending.byState.queued ?? 0);

describe('a platform that is killed three times', () => {
  const { csv, valid } = recipients();
  const killedWhile: string[] = [];
  let stateFolder = '';
  let port = 0;
  let carrier: FakeCarrier;
  let recorder: CarrierRecorder;
  let platform: TestPlatform;
  let somebody: Somebody;
  let task: TaskId;
  let ended: TaskView;
  let rows: readonly ExportedRow[] = [];

  const start = async (): Promise<void> => {
    platform = await startPlatform({ stateFolder, port, carrierUrl: recorder.url });
  };
  const killAndRestart = async (): Promise<void> => {
    await platform.killHard();
    await start();
  };

  beforeAll(async () => {
    stateFolder = await mkdtemp(join(tmpdir(), 'jmc-kill-'));
    port = await freePort();
    carrier = await startFakeCarrier();
    recorder = await startCarrierRecorder(carrier.url);
    await start();
    // While the platform is down its receipts are owed again and again, soon enough for a test.
    await carrier.control({ receiptUrl: receiptUrl(platform), receiptDelayMs: 500, receiptSpreadMs: 1_000, receiptRetryScale: 0.1 });
    somebody = await signIn(platform, platform.line.demo);
    const { client } = somebody;

    task = await client.createTask(contentOf(somebody, await upload(somebody, 'recipients.csv', csv), 'Hi {{name}}'));
    const begun = await until(
      'the first range',
      30_000,
      () => client.task(task),
      ({ state, check }) => state !== 'checking' || (check.phase === 'reading' && check.bytesDone > 0),
      5,
    );
    killedWhile.push(begun.state);
    await killAndRestart();
    await until(
      'the check',
      300_000,
      () => client.task(task),
      ({ state }) => state === 'checked',
    );

    await client.confirm(task);
    for (let kill = 1; kill <= KILLS_WHILE_SENDING; kill += 1) {
      const share = kill / (KILLS_WHILE_SENDING + 1);
      const { state } = await until(
        `${share} of the sending`,
        300_000,
        () => client.task(task),
        (view) => sentSoFar(view) >= share * valid.size,
      );
      killedWhile.push(state);
      await killAndRestart();
    }
    ended = await untilEnded(somebody, task, 400_000);
    rows = await exportedRows(somebody, task);
  }, 1_200_000);

  afterAll(async () => {
    await platform.stop();
    await recorder.stop();
    await carrier.stop();
    await rm(stateFolder, { recursive: true, force: true });
  });

  it('was killed once while it checked and twice while it sent', () => {
    expect(killedWhile).toEqual(['checking', 'running', 'running']);
  });

  it('finishes its task by itself', () => {
    expect(ended.state).toBe('finished');
    expect(ended.check.totals).toMatchObject({ rows: ROWS, valid: valid.size });
  });

  it('has exactly one message for every valid recipient, each of them final', () => {
    const to = rows.map((row) => row[TO] ?? '');
    expect(to).toHaveLength(valid.size);
    expect(new Set(to)).toEqual(valid);
    const final = new Set<string>(FINAL_MESSAGE_STATES);
    expect(rows.filter((row) => !final.has(row[STATUS] ?? ''))).toEqual([]);
  });

  it('sent nobody a message twice', async () => {
    const { repeats, repeatExamples } = await carrier.stats();
    expect({ repeats, repeatExamples }).toEqual({ repeats: 0, repeatExamples: [] });
    expect([...recorder.asked].filter(([, times]) => times > 1)).toEqual([]);
    expect(new Set(recorder.taken.values()).size).toBe(recorder.taken.size);
  });

  it('calls delivered what the carrier has taken, and nothing else', () => {
    const delivered = new Set(rows.flatMap((row) => (row[STATUS] === 'delivered' ? [row[ID] ?? ''] : [])));
    expect(delivered.size).toBe(recorder.taken.size);
    expect([...recorder.taken.keys()].filter((ref) => !delivered.has(ref))).toEqual([]);
  });

  it('names unknown at most what was in its hands when it was killed', () => {
    const seen = new Set(recorder.taken.values());
    const unseen = [...valid].filter((to) => !seen.has(to));
    expect(ended.sending.byState.unknown ?? 0).toBe(unseen.length);
    expect(unseen.length).toBeLessThanOrEqual(CLAIM_MESSAGES * CHUNKS_AT_ONCE * KILLS_WHILE_SENDING);
  });
});
