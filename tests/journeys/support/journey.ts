/** The built platform in processes of its own, a carrier that outlives it, and somebody signed in: where every journey starts. */
import type { TaskView } from '../../../schema/console';
import type { KeyId, TaskId, UploadId } from '../../../schema/ids';
import type { TaskContent } from '../../../schema/protocol/task-run';
import { ENDED_TASK_STATES, type TaskState } from '../../../schema/states';
import { ConsoleClient } from '../../../scripts/demo/console-client';
import type { DemoKey, DemoLogin } from '../../../scripts/platform/local-platform';
import { startFakeCarrier, type FakeCarrier } from '../../support/fake-carrier';
import { startPlatform, type TestPlatform } from '../../support/server';

const POLL_MS = 200;

/** Somebody signed in, with what the task form offers to them. */
export interface Somebody {
  readonly client: ConsoleClient;
  readonly key: KeyId;
  readonly sender: string;
}

export interface Journey extends Somebody {
  readonly platform: TestPlatform;
  readonly carrier: FakeCarrier;
  stop(): Promise<void>;
}

export async function signIn(
  { url, mailbox }: Pick<TestPlatform, 'url' | 'mailbox'>,
  { logins, keys }: { readonly logins: readonly DemoLogin[]; readonly keys: readonly DemoKey[] },
): Promise<Somebody> {
  const [login] = logins;
  const marketing = keys.find(({ kind, test }) => kind === 'marketing' && !test);
  if (!login || !marketing) throw new Error('the demo data lacks a login or a marketing key');
  const client = new ConsoleClient(url);
  await client.signIn(login, mailbox);
  const options = await client.formOptions();
  const key = options.keys.find(({ id }) => id === marketing.baseKey)?.id;
  const sender = options.senders[0]?.value;
  if (!key || sender === undefined) throw new Error('the task form offers no key or no sender');
  return { client, key, sender };
}

export const receiptUrl = ({ url }: Pick<TestPlatform, 'url'>): string => `${url}/carriers/vonage/receipts`;

/** @param env what the platform's environment says beside the usual */
export async function startJourney(env: Readonly<Record<string, string>> = {}): Promise<Journey> {
  const carrier = await startFakeCarrier();
  let platform: TestPlatform | undefined;
  const stop = async (): Promise<void> => {
    await platform?.stop();
    await carrier.stop();
  };
  try {
    platform = await startPlatform({ carrierUrl: carrier.url, env });
    await carrier.control({ receiptUrl: receiptUrl(platform) });
    return { platform, carrier, ...(await signIn(platform, platform.line.demo)), stop };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}

export function upload({ client }: Somebody, fileName: string, content: Uint8Array | string): Promise<UploadId> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return client.upload(fileName, bytes.byteLength, async (start, end) => bytes.subarray(start, end));
}

export const contentOf = ({ key, sender }: Somebody, uploaded: UploadId, text: string): TaskContent => ({
  name: 'A journey',
  sender,
  text,
  textType: 'auto',
  key,
  upload: uploaded,
  checkNumbers: true,
  callbackUrl: null,
});

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Asks until `isOver`. @throws with the last answer, after `limitMs` */
export async function until<T>(
  what: string,
  limitMs: number,
  ask: () => Promise<T>,
  isOver: (answer: T) => boolean,
  pollMs = POLL_MS,
): Promise<T> {
  const giveUpAt = Date.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (isOver(answer)) return answer;
    if (Date.now() > giveUpAt) throw new Error(`${what} took more than ${limitMs} ms: ${JSON.stringify(answer).slice(0, 3_000)}`);
    await pause(pollMs);
  }
}

const READ: ReadonlySet<TaskState> = new Set(['checked', 'refused', 'cancelled']);
const ENDED: ReadonlySet<TaskState> = new Set(ENDED_TASK_STATES);

/** The task after its check, whatever that found. */
export const untilRead = ({ client }: Somebody, id: TaskId, limitMs = 30_000): Promise<TaskView> =>
  until(
    'the check',
    limitMs,
    () => client.task(id),
    ({ state }) => READ.has(state),
  );

export const untilEnded = ({ client }: Somebody, id: TaskId, limitMs = 60_000): Promise<TaskView> =>
  until(
    'the task',
    limitMs,
    () => client.task(id),
    ({ state }) => ENDED.has(state),
  );
