/** What reports add up, by hour and by day: absolute, so that saying it twice changes nothing. */
import type { CarrierAccountId, Iso2 } from '../../schema/ids';
import type { CarrierCell, CellPlace, ReasonCell, TotalsCell } from '../../schema/reports';
import { COUNTED_MESSAGE_STATES, isFreeState, MISSED_MESSAGE_STATES, SENT_MESSAGE_STATES, type MessageState } from '../../schema/states';
import { RECEIPT_LAG_STEPS_MS } from '../../workers/rules/receipt-lag';
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

type Counts = 'waiting' | 'unreceipted' | 'sent' | 'delivered' | 'missed';
const isOneOf = (states: readonly MessageState[], state: MessageState): boolean => states.includes(state);
/** Where a state counts among what operators watch. */
function countsOf(state: MessageState): readonly Counts[] {
  const found: Counts[] = [];
  if (state === 'accepted' || state === 'queued') found.push('waiting');
  if (state === 'submitted') found.push('unreceipted');
  if (state === 'delivered') found.push('delivered');
  if (state === 'rejected' || isOneOf(SENT_MESSAGE_STATES, state)) found.push('sent');
  if (isOneOf(MISSED_MESSAGE_STATES, state)) found.push('missed');
  return found;
}

/** How the carrier accounts do; empty until a task has started. What is blocked or cancelled never met one. */
export function carrierCells(state: ShardState): readonly CarrierCell[] {
  const cells = new Map<string, Record<Counts, number> & { at: number; account: CarrierAccountId; country: Iso2; lags: number[] }>();
  const { settings, progress, classes, tallies } = state;
  if (!settings) return [];
  const cellOf = (hour: number, classId: number) => {
    const { country, account: named } = classes.of(classId);
    const at = hour === TASK_HOUR ? hourStart(progress.startedAt ?? 0) : hour;
    const account = named === '' ? settings.carrierAccount : named;
    const name = `${at} ${account} ${country}`;
    let cell = cells.get(name);
    if (!cell) {
      const lags = Array.from({ length: RECEIPT_LAG_STEPS_MS.length + 1 }, () => 0);
      cells.set(name, (cell = { at, account, country, waiting: 0, unreceipted: 0, sent: 0, delivered: 0, missed: 0, lags }));
    }
    return cell;
  };
  for (const { hour, classId, state: of, messages } of tallies.cells()) {
    const counts = countsOf(of);
    if (counts.length === 0) continue;
    const cell = cellOf(hour, classId);
    for (const count of counts) cell[count] += messages;
  }
  for (const { hour, classId, step, messages } of tallies.lagCells()) {
    const { lags } = cellOf(hour, classId);
    lags[step] = (lags[step] ?? 0) + messages;
  }
  return [...cells.values()];
}

function placesOf({ settings, progress, classes }: ShardState, hour: number, classId: number): readonly CellPlace[] {
  const { country, sender } = classes.of(classId);
  const at = hour === TASK_HOUR ? hourStart(progress.startedAt ?? 0) : hour;
  const own = { country, sender: sender === '' ? (settings?.sender ?? '') : sender };
  return [
    { span: 'hour', at, ...own },
    { span: 'day', at: platformDayStart(at), ...own },
  ];
}
