/** What reports add up, counted from imported messages while they are written: by hour and by the platform's day, as live shards count. */
import { OTHER_SENDERS, SENDERS_PER_SHARD } from '../../schema/limits';
import type { CellPlace, ReasonCell, TotalsCell } from '../../schema/reports';
import { asReasonedState, COUNTED_MESSAGE_STATES, isFreeState } from '../../schema/states';
import type { LegacyMessage } from './legacy-rows';
import { hourStart, platformDayStart } from './platform-day';

type Counting<Cell> = { -readonly [Name in keyof Cell]: Cell[Name] };
interface CountedCell extends Counting<Omit<TotalsCell, 'messages'>> {
  readonly messages: number[];
}

export class LegacyTotals {
  readonly #totals = new Map<string, CountedCell>();
  readonly #reasons = new Map<string, Counting<ReasonCell>>();
  readonly #senders = new Set<string>();

  add(message: LegacyMessage): void {
    const { country, receivedAt, state, error, parts, priceMicros } = message;
    const sender = this.#senderOf(message);
    const column = COUNTED_MESSAGE_STATES.findIndex((counted) => counted === state);
    const reasoned = asReasonedState(state);
    const places: readonly CellPlace[] = [
      { span: 'hour', at: hourStart(receivedAt), country, sender },
      { span: 'day', at: platformDayStart(receivedAt), country, sender },
    ];
    for (const place of places) {
      const name = `${place.span} ${place.at} ${country} ${sender}`;
      let cell = this.#totals.get(name);
      if (!cell) this.#totals.set(name, (cell = { ...place, messages: COUNTED_MESSAGE_STATES.map(() => 0), parts: 0, costMicros: 0 }));
      cell.messages[column] = (cell.messages[column] ?? 0) + 1;
      if (!isFreeState(state)) {
        cell.parts += parts;
        cell.costMicros += priceMicros;
      }
      if (reasoned === null) continue;
      const reasonName = `${name} ${state} ${error ?? ''}`;
      const reason = this.#reasons.get(reasonName);
      if (reason) reason.messages += 1;
      else this.#reasons.set(reasonName, { ...place, state: reasoned, error: error ?? '', messages: 1 });
    }
  }

  get totals(): readonly TotalsCell[] {
    return [...this.#totals.values()];
  }
  get reasons(): readonly ReasonCell[] {
    return [...this.#reasons.values()];
  }

  /** Every sender multiplies the cells: of many, only the first are told apart. */
  #senderOf({ from }: LegacyMessage): string {
    if (this.#senders.has(from)) return from;
    if (this.#senders.size >= SENDERS_PER_SHARD) return OTHER_SENDERS;
    this.#senders.add(from);
    return from;
  }
}
