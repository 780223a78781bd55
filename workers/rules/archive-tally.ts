/** How many messages of which country, state and sender an archive file holds, and in which members: counted while it is written. */
import { OTHER_SENDERS, SENDERS_PER_SHARD } from '../../schema/limits';
import type { Iso2 } from '../../schema/ids';
import type { ArchiveCell } from '../../schema/protocol/archive';
import { MESSAGE_STATES, messageStateCode, type MessageState } from '../../schema/states';
import type { LineClass } from './log-lines';

/** Cells of one country and sender, by state. */
interface Group {
  readonly country: Iso2;
  readonly sender: string;
  /** In the member under way. */
  readonly counts: Float64Array;
  readonly cells: (number[] | undefined)[];
}

export class ArchiveTally {
  readonly #groups = new Map<string, Group>();
  readonly #senders = new Set<string>();
  /** The same groups, found without making a text for each row. */
  readonly #byClass = new Map<LineClass, Map<string, Group>>();
  #touched: Group[] = [];
  #lastClass: LineClass | null = null;
  #lastSender = '';
  #last: Group | null = null;

  add(lineClass: LineClass, state: MessageState, sender: string): void {
    if (lineClass !== this.#lastClass || sender !== this.#lastSender || this.#last === null) {
      this.#last = this.#groupOf(lineClass, sender);
      this.#lastClass = lineClass;
      this.#lastSender = sender;
    }
    const { counts } = this.#last;
    const code = messageStateCode(state);
    if (counts[code] === 0) this.#touched.push(this.#last);
    counts[code] = (counts[code] ?? 0) + 1;
  }

  #groupOf(lineClass: LineClass, wanted: string): Group {
    const sender = this.#senders.has(wanted) || this.#senders.size < SENDERS_PER_SHARD ? wanted : OTHER_SENDERS;
    let ofClass = this.#byClass.get(lineClass);
    if (!ofClass) this.#byClass.set(lineClass, (ofClass = new Map<string, Group>()));
    let group = ofClass.get(sender);
    if (!group) ofClass.set(sender, (group = this.#newOrKnown(lineClass.country, sender)));
    return group;
  }

  #newOrKnown(country: Iso2, sender: string): Group {
    const name = `${country} ${sender}`;
    let group = this.#groups.get(name);
    if (!group) this.#groups.set(name, (group = { country, sender, counts: new Float64Array(MESSAGE_STATES.length), cells: [] }));
    if (sender !== OTHER_SENDERS) this.#senders.add(sender);
    return group;
  }

  /** What was added since the last member belongs to this one. */
  endMember(member: number): void {
    for (const { counts, cells } of this.#touched) {
      for (const [code, messages] of counts.entries()) {
        if (messages > 0) (cells[code] ??= []).push(member, messages);
      }
      counts.fill(0);
    }
    this.#touched = [];
  }

  cells(): ArchiveCell[] {
    return [...this.#groups.values()].flatMap(({ country, sender, cells }) =>
      cells.flatMap((members, code) => {
        const state = MESSAGE_STATES[code];
        return members && state !== undefined ? [{ country, state, sender, messages: messagesIn(members), members }] : [];
      }),
    );
  }
}

/** Of a cell. */
export const messagesIn = (members: readonly number[]): number => members.reduce((sum, value, at) => (at % 2 === 1 ? sum + value : sum), 0);
