/** Sends the rows of leased chunks, with the connections that one invocation may hold. */
import type { CarrierAccountId } from '../../schema/ids';
import type { SendJob } from '../../schema/jobs';
import { CONNECTIONS_PER_INVOCATION } from '../../schema/limits';
import type { SendOutcome } from '../../schema/protocol/message-shard';
import type { Gateways } from '../gateways';
import { carrierAccount } from '../gateways/stores/carrier-accounts';
import { openTestCarrier } from '../gateways/test-carrier';
import { openCarrier, type Carrier } from '../gateways/vonage';
import { ChunkFeed, logFailure, type JobEnd, type Outgoing } from './chunk-feed';

/** Where carriers send their receipts; see http/carriers.ts. */
const RECEIPTS_PATH = '/carriers/vonage/receipts';

export type SendingGateways = Pick<Gateways, 'env' | 'database' | 'objects' | 'queues'>;

/** @param finished called once for each job */
export async function sendChunks(
  gateways: SendingGateways,
  jobs: readonly SendJob[],
  finished: (job: SendJob, end: JobEnd) => void,
): Promise<void> {
  const feed = new ChunkFeed(gateways.objects, jobs, finished);
  const carrierOf = openCarriers(gateways);
  const connection = async (): Promise<void> => {
    for (let outgoing = await feed.next(); outgoing; outgoing = await feed.next()) {
      feed.answered(outgoing, await sendOne(carrierOf(outgoing), outgoing));
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS_PER_INVOCATION }, connection));
  await feed.closed();
}

/** One carrier an account, opened when the first of its messages is there. */
function openCarriers(gateways: SendingGateways): (outgoing: Outgoing) => Promise<Carrier> {
  const nobody = Promise.resolve(openTestCarrier(gateways));
  const carriers = new Map<CarrierAccountId, Promise<Carrier>>();
  return ({ account, test }) => {
    if (test) return nobody;
    let carrier = carriers.get(account);
    if (!carrier) carriers.set(account, (carrier = open(gateways, account)));
    return carrier;
  };
}

async function open(gateways: SendingGateways, account: CarrierAccountId): Promise<Carrier> {
  return openCarrier(await carrierAccount(gateways, account), `${gateways.env.PUBLIC_URL}${RECEIPTS_PATH}`);
}

async function sendOne(carrier: Promise<Carrier>, { message, textType }: Outgoing): Promise<SendOutcome> {
  let opened: Carrier;
  try {
    opened = await carrier;
  } catch (thrown) {
    // D1 did not answer, or the account is gone: nothing has left yet.
    logFailure('carrier account', thrown);
    return { kind: 'retry', error: 'carrier_unavailable', delayMs: 0 };
  }
  try {
    return await opened.send(message, textType);
  } catch (thrown) {
    logFailure('send', thrown);
    return { kind: 'unanswered' };
  }
}
