/**
 * Is the carrier there at all? A refused connection looks like a lost answer, so a carrier that is down would swallow a whole task as
 * `unknown`, or use up every row's tries. After some failures in a row with nothing in between, nothing goes out but a probe now and
 * then, until something is answered again. In memory only: an eviction costs a few more rows.
 */
import type { SendOutcome } from '../../schema/protocol/message-shard';
import { backOffMs, type BackOff } from '../../workers/rules/back-off';

const FAILURES_IN_A_ROW = 24;
const PROBE_PAUSES: BackOff = { baseMs: 5_000, capMs: 60_000, jitter: 0.2 };

/** What a carrier that is up would not do to one message after the other. A throttling carrier is up. */
const isFailure = (outcome: SendOutcome): boolean =>
  outcome.kind === 'unanswered' || (outcome.kind === 'retry' && outcome.error !== 'throttled');

export class Trouble {
  #failures = 0;
  #probes = 0;
  #probeAt = 0;

  get isThere(): boolean {
    return this.#failures >= FAILURES_IN_A_ROW;
  }

  /** When the next probe may go out, ms UTC; 0 without trouble. */
  get probeAt(): number {
    return this.isThere ? this.#probeAt : 0;
  }

  note(outcomes: readonly SendOutcome[], now: number): void {
    for (const outcome of outcomes) {
      if (isFailure(outcome)) this.#failures += 1;
      else {
        this.#failures = 0;
        this.#probes = 0;
      }
    }
    if (!this.isThere || outcomes.length === 0 || now < this.#probeAt) return;
    this.#probes += 1;
    this.#probeAt = now + backOffMs(this.#probes, PROBE_PAUSES);
  }
}
