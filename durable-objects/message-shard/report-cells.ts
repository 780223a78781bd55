/** What reports add up, by hour and by day: absolute, so that saying it twice changes nothing. */
import type { CellPlace, ReasonCell, TotalsCell } from '../../schema/reports';
import { COUNTED_MESSAGE_STATES, isFreeState, type MessageState } from '../../schema/states';
import { hourStart, platformDayStart } from '../../workers/rules/platform-day';
import type { ShardState } from './shard-state';
import { TASK_HOUR } from './tallies';

const ACCEPTED = 0;
/** Where a state is counted; what is queued is stored as accepted. */
const columnOf = (state: MessageState): number =>
  Math.max(
    ACCEPTED,
    COUNTED_MESSAGE_STATES.findIndex((counted) => counted === state),
  );

/** Empty until a task has started, for its rows belong to no hour yet. */
export function reportCells(state: ShardState): { readonly totals: readonly TotalsCell[]; readonly reasons: readonly ReasonCell[] } {
  const totals = new Map<string, { -readonly [Name in keyof TotalsCell]: TotalsCell[Name] } & { messages: number[] }>();
  const reasons = new Map<string, { -readonly [Name in keyof ReasonCell]: ReasonCell[Name] }>();
  for (const { hour, classId, state: of, messages } of state.tallies.cells()) {
    const { parts, price } = state.classes.of(classId);
    for (const place of placesOf(state, hour, classId)) {
      const name = nameOf(place);
      let cell = totals.get(name);
      if (!cell) totals.set(name, (cell = { ...place, messages: COUNTED_MESSAGE_STATES.map(() => 0), parts: 0, costMicros: 0 }));
      const column = columnOf(of);
      cell.messages[column] = (cell.messages[column] ?? 0) + messages;
      if (isFreeState(of)) continue;
      cell.parts += messages * parts;
      cell.costMicros += messages * price;
    }
  }
  for (const { hour, classId, state: of, error, messages } of state.tallies.reasonCells()) {
    for (const place of placesOf(state, hour, classId)) {
      const name = `${nameOf(place)} ${of} ${error}`;
      const known = reasons.get(name);
      if (known) known.messages += messages;
      else reasons.set(name, { ...place, state: of, error, messages });
    }
  }
  return { totals: [...totals.values()], reasons: [...reasons.values()] };
}

const nameOf = ({ span, at, country, sender }: CellPlace): string => `${span} ${at} ${country} ${sender}`;

function placesOf({ settings, progress, classes }: ShardState, hour: number, classId: number): readonly CellPlace[] {
  const { country, sender } = classes.of(classId);
  const at = hour === TASK_HOUR ? hourStart(progress.startedAt ?? 0) : hour;
  const own = { country, sender: sender === '' ? (settings?.sender ?? '') : sender };
  return [
    { span: 'hour', at, ...own },
    { span: 'day', at: platformDayStart(at), ...own },
  ];
}
