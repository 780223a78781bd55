/**
 * Sends the rows of leased chunks. Rows are claimed a few at a time while others are on the wire, so that the connections stay busy and
 * a crash leaves at most two claims unanswered. Answers travel with the next claim.
 */
import type { CarrierAccountId } from '../../schema/ids';
import type { SendJob } from '../../schema/jobs';
import { CONNECTIONS_PER_INVOCATION } from '../../schema/limits';
import type { OutgoingMessage, SendOutcome, SendResult } from '../../schema/protocol/message-shard';
import type { TextType } from '../../schema/states';
import type { Gateways } from '../gateways';
import { carrierAccount } from '../gateways/stores/carrier-accounts';
import { openTestCarrier } from '../gateways/test-carrier';
import { openCarrier, type Carrier } from '../gateways/vonage';

/** Where carriers send their receipts; see http/carriers.ts. */
const RECEIPTS_PATH = '/carriers/vonage/receipts';
/** With this few claimed rows left to send, the next ones are claimed. */
const CLAIM_AHEAD = CONNECTIONS_PER_INVOCATION;

export type SendingGateways = Pick<Gateways, 'env' | 'database' | 'objects' | 'queues'>;

/** One chunk on its way: claimed rows in, answers out. */
interface Lane {
  readonly job: SendJob;
  /** Rows claimed so far. */
  position: number;
  /** Nothing more to claim. */
  exhausted: boolean;
  /** On the wire or waiting to be. */
  open: number;
  results: SendResult[];
  failed: boolean;
}

interface Outgoing {
  readonly lane: Lane;
  readonly message: OutgoingMessage;
  readonly account: CarrierAccountId;
  readonly textType: TextType;
  readonly test: boolean;
}

/**
 * @param finished called once for each job, when its last answer is in its shard; `false` when something went wrong and the job should
 * come again (what was claimed is safe: a second run of a chunk claims nothing twice)
 */
export async function sendChunks(
  gateways: SendingGateways,
  jobs: readonly SendJob[],
  finished: (job: SendJob, well: boolean) => void,
): Promise<void> {
  const lanes = jobs.map((job): Lane => ({ job, position: 0, exhausted: false, open: 0, results: [], failed: false }));
  const buffer: Outgoing[] = [];
  const settling: Promise<void>[] = [];
  let claiming: Promise<void> | null = null;

  const finish = async (lane: Lane): Promise<void> => {
    if (!lane.exhausted || lane.open > 0) return;
    try {
      const results = lane.results.splice(0);
      if (results.length > 0) await gateways.objects.shard(lane.job.shard).settle(JSON.stringify(results));
    } catch (thrown) {
      logFailure('settle', thrown);
      lane.failed = true;
    }
    finished(lane.job, !lane.failed);
  };

  const claim = async (lane: Lane): Promise<void> => {
    const results = lane.results.splice(0);
    try {
      const claimed = await gateways.objects.shard(lane.job.shard).claim(lane.job.chunk, lane.position, JSON.stringify(results));
      if (claimed.kind === 'none') lane.exhausted = true;
      else {
        lane.position += claimed.messages.length;
        lane.open += claimed.messages.length;
        lane.exhausted = claimed.last;
        const { carrierAccount: account, textType, test } = claimed;
        for (const message of claimed.messages) buffer.push({ lane, message, account, textType: message.textType ?? textType, test });
      }
    } catch (thrown) {
      // Perhaps the claim was made and its answer lost: its rows are then unanswered, and nobody sends them twice.
      logFailure('claim', thrown);
      lane.results.unshift(...results);
      lane.failed = true;
      lane.exhausted = true;
    }
    if (lane.exhausted && lane.open === 0) settling.push(finish(lane));
  };

  /** The next claim, unless one is under way; null when every lane is exhausted. */
  const claimMore = (): Promise<void> | null => {
    const lane = lanes.find(({ exhausted }) => !exhausted);
    if (!claiming && lane) {
      claiming = claim(lane).finally(() => {
        claiming = null;
      });
    }
    return claiming;
  };

  const next = async (): Promise<Outgoing | null> => {
    for (;;) {
      if (buffer.length <= CLAIM_AHEAD) {
        const more = claimMore();
        if (buffer.length === 0) {
          if (!more) return null;
          await more;
          continue;
        }
      }
      return buffer.shift() ?? null;
    }
  };

  const testCarrier = Promise.resolve(openTestCarrier(gateways));
  const carriers = new Map<CarrierAccountId, Promise<Carrier>>();
  const carrierOf = (account: CarrierAccountId): Promise<Carrier> => {
    let carrier = carriers.get(account);
    if (!carrier) carriers.set(account, (carrier = open(gateways, account)));
    return carrier;
  };

  const connection = async (): Promise<void> => {
    for (let outgoing = await next(); outgoing; outgoing = await next()) {
      const { lane, message, account, textType, test } = outgoing;
      const outcome = await sendOne(test ? testCarrier : carrierOf(account), message, textType);
      lane.results.push({ row: message.row, outcome });
      lane.open -= 1;
      if (lane.exhausted && lane.open === 0) settling.push(finish(lane));
    }
  };

  await Promise.all(Array.from({ length: CONNECTIONS_PER_INVOCATION }, connection));
  await Promise.all(settling);
}

async function open(gateways: SendingGateways, account: CarrierAccountId): Promise<Carrier> {
  return openCarrier(await carrierAccount(gateways, account), `${gateways.env.PUBLIC_URL}${RECEIPTS_PATH}`);
}

async function sendOne(carrier: Promise<Carrier>, message: OutgoingMessage, textType: TextType): Promise<SendOutcome> {
  let opened: Carrier;
  try {
    opened = await carrier;
  } catch (thrown) {
    // D1 did not answer, or the account is gone: nothing has left yet.
    logFailure('carrier account', thrown);
    return { kind: 'retry', error: 'carrier_unavailable', delayMs: 0 };
  }
  return await opened.send(message, textType);
}

/** The kind of what was thrown; its text may hold a number or a body. */
function logFailure(step: string, thrown: unknown): void {
  console.error(JSON.stringify({ sending: step, unexpected: thrown instanceof Error ? thrown.name : typeof thrown }));
}
