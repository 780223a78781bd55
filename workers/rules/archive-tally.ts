/** What the index of an archive file says of its rows: counted while they are written. */
import type { Iso2 } from '../../schema/ids';
import { MEMBER_SENDERS_MAX, type FileTally, type MemberTally } from '../../schema/protocol/archive';
import { isFreeState, MESSAGE_STATES, messageStateCode, type MessageState } from '../../schema/states';
import type { LineClass } from './log-lines';

export class ArchiveTally {
  readonly #counts = new Map<LineClass, Float64Array>();
  readonly #senders = new Set<string>();
  #lastClass: LineClass | null = null;
  #last: Float64Array = new Float64Array();

  add(lineClass: LineClass, state: MessageState, from: string): void {
    if (lineClass !== this.#lastClass) {
      let counts = this.#counts.get(lineClass);
      if (!counts) this.#counts.set(lineClass, (counts = new Float64Array(MESSAGE_STATES.length)));
      this.#lastClass = lineClass;
      this.#last = counts;
    }
    const code = messageStateCode(state);
    this.#last[code] = (this.#last[code] ?? 0) + 1;
    if (this.#senders.size <= MEMBER_SENDERS_MAX) this.#senders.add(from);
  }

  senders(): readonly string[] | null {
    return this.#senders.size > MEMBER_SENDERS_MAX ? null : [...this.#senders];
  }

  ofMember(): MemberTally[] {
    return this.ofFile().map(([country, state, messages]) => [country, state, messages]);
  }

  ofFile(): FileTally[] {
    const sums = new Map<string, [Iso2, MessageState, number, number, number]>();
    for (const [{ country, parts, price }, counts] of this.#counts) {
      for (const [code, messages] of counts.entries()) {
        const state = MESSAGE_STATES[code];
        if (messages === 0 || state === undefined) continue;
        const name = `${country} ${state}`;
        let sum = sums.get(name);
        if (!sum) sums.set(name, (sum = [country, state, 0, 0, 0]));
        sum[2] += messages;
        sum[3] += messages * parts;
        if (!isFreeState(state)) sum[4] += messages * price;
      }
    }
    return [...sums.values()];
  }
}
