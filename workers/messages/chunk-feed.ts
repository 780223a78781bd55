/**
 * Rows of leased chunks, claimed a few at a time while others are on the wire, so that the connections stay busy and a crash leaves at
 * most two claims unanswered. Answers travel with the next claim of their chunk.
 */
import type { CarrierAccountId } from '../../schema/ids';
import type { SendJob } from '../../schema/jobs';
import { CLAIM_MESSAGES, MESSAGES_PER_INVOCATION } from '../../schema/limits';
import type { Claim, OutgoingMessage, SendOutcome, SendResult } from '../../schema/protocol/message-shard';
import type { TextType } from '../../schema/states';
import type { Objects } from '../gateways/objects';
import { backOffMs, type BackOff } from '../rules/back-off';

/** A shard that is being moved or restarted is back in a moment; answers that got lost would leave rows unknown. */
const SETTLE_TRIES = 4;
const SETTLE_PAUSES: BackOff = { baseMs: 200, capMs: 2_000, jitter: 0.5 };

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

/** What became of a job: `again` when something went wrong and it should come again; `left` when nobody began it, for another invocation. */
export type JobEnd = 'done' | 'again' | 'left';

export interface Outgoing {
  readonly lane: Lane;
  readonly message: OutgoingMessage;
  readonly account: CarrierAccountId;
  readonly textType: TextType;
  /** Of a test key: goes to nobody. */
  readonly test: boolean;
}

export class ChunkFeed {
  readonly #objects: Objects;
  readonly #finished: (job: SendJob, end: JobEnd) => void;
  readonly #lanes: readonly Lane[];
  readonly #buffer: Outgoing[] = [];
  readonly #closing: Promise<void>[] = [];
  #claiming: Promise<void> | null = null;
  #claimed = 0;
  /** How long the last claim took. */
  #claimMs = 0;
  #begunAt: number | null = null;
  #answers = 0;

  /**
   * @param finished called once for each job, when its last answer is in its shard. A second run of a chunk claims nothing twice.
   */
  constructor(objects: Objects, jobs: readonly SendJob[], finished: (job: SendJob, end: JobEnd) => void) {
    this.#objects = objects;
    this.#finished = finished;
    this.#lanes = jobs.map((job) => ({ job, position: 0, exhausted: false, open: 0, results: [], failed: false }));
  }

  /** The next row to send; null when all chunks are claimed. */
  async next(): Promise<Outgoing | null> {
    for (;;) {
      const claiming = this.#buffer.length <= this.#ahead() ? this.#claimMore() : null;
      const outgoing = this.#buffer.shift();
      if (outgoing) return outgoing;
      if (!claiming) return null;
      await claiming;
    }
  }

  answered({ lane, message }: Outgoing, outcome: SendOutcome): void {
    lane.results.push({ row: message.row, outcome });
    lane.open -= 1;
    this.#answers += 1;
    this.#closeIfDone(lane);
  }

  /** Resolves when every answer is in its shard. */
  async closed(): Promise<void> {
    await Promise.all(this.#closing);
  }

  /**
   * With this few claimed rows left the next ones are claimed: as many as go out while a claim takes. A slow carrier then has hardly a
   * row in hand that it does not send at once, and a fast one does not wait for claims.
   */
  #ahead(): number {
    const elapsedMs = Date.now() - (this.#begunAt ??= Date.now());
    if (elapsedMs === 0) return 0;
    return Math.min(CLAIM_MESSAGES, Math.ceil((this.#claimMs * this.#answers) / elapsedMs));
  }

  /** One claim at a time, chunk after chunk; null when every chunk is exhausted. */
  #claimMore(): Promise<void> | null {
    const lane = this.#lanes.find(({ exhausted }) => !exhausted);
    if (!this.#claiming && lane) {
      this.#claiming = this.#claim(lane).finally(() => {
        this.#claiming = null;
      });
    }
    return this.#claiming;
  }

  async #claim(lane: Lane): Promise<void> {
    if (lane.position === 0 && this.#claimed >= MESSAGES_PER_INVOCATION) {
      lane.exhausted = true;
      this.#finished(lane.job, 'left');
      return;
    }
    const results = lane.results.splice(0);
    const askedAt = Date.now();
    try {
      const { shard, chunk } = lane.job;
      this.#take(lane, await this.#objects.shard(shard).claim(chunk, lane.position, JSON.stringify(results)));
      this.#claimMs = Date.now() - askedAt;
    } catch (thrown) {
      // Perhaps the claim was made and its answer lost: its rows are then unanswered, and nobody sends them twice. The results come again.
      logFailure('claim', thrown);
      lane.results.unshift(...results);
      lane.failed = true;
      lane.exhausted = true;
    }
    this.#closeIfDone(lane);
  }

  #take(lane: Lane, claim: Claim): void {
    if (claim.kind === 'none') {
      lane.exhausted = true;
      return;
    }
    const { messages, last, carrierAccount: account, textType, test } = claim;
    lane.position += messages.length;
    this.#claimed += messages.length;
    lane.open += messages.length;
    lane.exhausted = last;
    for (const message of messages) this.#buffer.push({ lane, message, account, textType: message.textType ?? textType, test });
  }

  #closeIfDone(lane: Lane): void {
    if (lane.exhausted && lane.open === 0) this.#closing.push(this.#close(lane));
  }

  async #close(lane: Lane): Promise<void> {
    const results = lane.results.splice(0);
    if (results.length > 0) lane.failed = !(await this.#settle(lane.job, results)) || lane.failed;
    this.#finished(lane.job, lane.failed ? 'again' : 'done');
  }

  async #settle({ shard, chunk }: SendJob, results: readonly SendResult[]): Promise<boolean> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#objects.shard(shard).settle(chunk, JSON.stringify(results));
        return true;
      } catch (thrown) {
        logFailure('settle', thrown);
        if (attempt === SETTLE_TRIES) return false;
        await new Promise((resolve) => setTimeout(resolve, backOffMs(attempt, SETTLE_PAUSES)));
      }
    }
  }
}

/** The kind of what was thrown; its text may hold a number or a body. */
export function logFailure(step: string, thrown: unknown): void {
  console.error(JSON.stringify({ sending: step, unexpected: thrown instanceof Error ? thrown.name : typeof thrown }));
}
