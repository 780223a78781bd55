/** Adding up what ranges found and what shards report. Pure. */
import { MISSED_MESSAGE_STATES, SENT_MESSAGE_STATES, type MessageState } from '../../schema/states';
import type { ShardTotals } from '../../schema/protocol/message-shard';
import type { RangeResult } from '../../schema/protocol/task-run';

export const NO_ROWS: RangeResult = {
  rows: 0,
  valid: 0,
  invalid: 0,
  duplicates: 0,
  blacklisted: 0,
  parts: 0,
  costMicros: 0,
  byCountry: {},
  byRejection: {},
  byEncoding: { gsm7: 0, ucs2: 0 },
  maxParts: 0,
  sample: null,
};

function addCountries(a: RangeResult['byCountry'], b: RangeResult['byCountry']): RangeResult['byCountry'] {
  const sum = { ...a };
  for (const [country, { messages, parts, costMicros }] of Object.entries(b)) {
    const known = sum[country];
    sum[country] = {
      messages: (known?.messages ?? 0) + messages,
      parts: (known?.parts ?? 0) + parts,
      costMicros: (known?.costMicros ?? 0) + costMicros,
    };
  }
  return sum;
}

function addRejections(a: RangeResult['byRejection'], b: RangeResult['byRejection']): RangeResult['byRejection'] {
  const sum: Record<string, number> = { ...a };
  for (const [reason, rows] of Object.entries(b)) sum[reason] = (sum[reason] ?? 0) + rows;
  return sum;
}

/** The sample stays the one that came first. */
export const addRangeResults = (a: RangeResult, b: RangeResult): RangeResult => ({
  rows: a.rows + b.rows,
  valid: a.valid + b.valid,
  invalid: a.invalid + b.invalid,
  duplicates: a.duplicates + b.duplicates,
  blacklisted: a.blacklisted + b.blacklisted,
  parts: a.parts + b.parts,
  costMicros: a.costMicros + b.costMicros,
  byCountry: addCountries(a.byCountry, b.byCountry),
  byRejection: addRejections(a.byRejection, b.byRejection),
  byEncoding: { gsm7: a.byEncoding.gsm7 + b.byEncoding.gsm7, ucs2: a.byEncoding.ucs2 + b.byEncoding.ucs2 },
  maxParts: Math.max(a.maxParts, b.maxParts),
  sample: a.sample ?? b.sample,
});

export interface SendingTotals {
  readonly byState: ShardTotals['byState'];
  readonly costMicros: number;
}

export function addShardTotals(all: readonly SendingTotals[]): SendingTotals {
  const byState: Partial<Record<MessageState, number>> = {};
  let costMicros = 0;
  for (const totals of all) {
    costMicros += totals.costMicros;
    for (const [state, messages] of Object.entries(totals.byState) as [MessageState, number][]) {
      byState[state] = (byState[state] ?? 0) + messages;
    }
  }
  return { byState, costMicros };
}

const sum = (byState: ShardTotals['byState'], states: readonly MessageState[]): number =>
  states.reduce((total, state) => total + (byState[state] ?? 0), 0);

/** What the statistics of a task call sent, delivered, failed and cancelled. */
export const countsOf = (byState: ShardTotals['byState']): { submitted: number; delivered: number; failed: number; cancelled: number } => ({
  submitted: sum(byState, SENT_MESSAGE_STATES),
  delivered: sum(byState, ['delivered']),
  failed: sum(byState, MISSED_MESSAGE_STATES),
  cancelled: sum(byState, ['cancelled', 'blocked']),
});

/** Messages that still are to be sent. */
export const toSend = (byState: ShardTotals['byState']): number => sum(byState, ['accepted', 'queued']);

/** Messages that are no longer waiting to be sent. */
export const movedOn = (byState: ShardTotals['byState']): number =>
  Object.values(byState).reduce((total, messages) => total + messages, 0) - toSend(byState);
