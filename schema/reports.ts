/** The words of reports: what shards count, what is asked and what is answered. */
import type { CarrierAccountId, Iso2, KeyId, TaskId, UserId } from './ids';
import type { Dataset, ReasonedState, TrafficKind } from './states';

/** Totals are kept twice: by UTC hour for any zone, and by day of the platform (Asia/Shanghai), which is what most reports ask for. */
export const TOTALS_SPANS = ['hour', 'day'] as const;
export type TotalsSpan = (typeof TOTALS_SPANS)[number];

export interface CellPlace {
  readonly span: TotalsSpan;
  /** When the hour or day began in which the messages were received, ms UTC. */
  readonly at: number;
  readonly country: Iso2;
  readonly sender: string;
}

/** Absolute counts of one shard at one place. */
export interface TotalsCell extends CellPlace {
  /** By COUNTED_MESSAGE_STATES, in that order. */
  readonly messages: readonly number[];
  /** Parts and cost of the messages that are not free (FREE_MESSAGE_STATES). */
  readonly parts: number;
  readonly costMicros: number;
}

export interface ReasonCell extends CellPlace {
  readonly state: ReasonedState;
  /** Code of rules/vonage-status or of the platform; '' where a message says no more than its state. */
  readonly error: string;
  readonly messages: number;
}

/** The same by carrier account and hour, over all senders: what operators watch. */
export interface CarrierCell {
  /** When the UTC hour began in which the messages were received, ms. */
  readonly at: number;
  readonly account: CarrierAccountId;
  readonly country: Iso2;
  /** Accepted, not with the carrier yet. */
  readonly waiting: number;
  /** With the carrier, without a receipt. */
  readonly unreceipted: number;
  /** SENT_MESSAGE_STATES, and what the carrier refused. */
  readonly sent: number;
  readonly delivered: number;
  /** MISSED_MESSAGE_STATES */
  readonly missed: number;
  /** Receipts by step of rules/receipt-lag. */
  readonly lags: readonly number[];
}

/** What totals are grouped by, one or two at a time. */
export const REPORT_DIMENSIONS = ['country', 'day', 'hour', 'key', 'user', 'sender'] as const;
export type ReportDimension = (typeof REPORT_DIMENSIONS)[number];

/** In place of a user: messages that no user sent, because keys did. */
export const API_USER = 'api';

export interface ReportFilter {
  /** When the messages were received, ms UTC; `until` is exclusive. Hours count where they begin. */
  readonly from: number;
  readonly until: number;
  /** Absent: `current`. */
  readonly dataset?: Dataset;
  readonly kind?: TrafficKind;
  readonly user?: UserId | typeof API_USER;
  readonly key?: KeyId;
  readonly task?: TaskId;
  readonly sender?: string;
  readonly countries?: readonly Iso2[];
}

export interface ReportFigures {
  /** Every message of the log: sent, failed, pending or held back. */
  readonly total: number;
  /** The carrier took it (SENT_MESSAGE_STATES). The delivery rate is delivered ÷ sent, here as everywhere. */
  readonly sent: number;
  readonly delivered: number;
  /** MISSED_MESSAGE_STATES */
  readonly failed: number;
  /** Accepted, queued or submitted. */
  readonly pending: number;
  /** Blocked or cancelled: total = delivered + failed + pending + held. */
  readonly held: number;
  /** Of messages that are not free, as is the cost. */
  readonly parts: number;
  readonly costMicros: number;
}

/** What a row stands for; null for what was not grouped by. */
export interface ReportGroup {
  readonly country: Iso2 | null;
  /** YYYY-MM-DD in the reader's zone. */
  readonly day: string | null;
  /** When the UTC hour began, ms. */
  readonly hour: number | null;
  readonly key: KeyId | null;
  /** A user, or a key whose tasks these are, or API_USER. */
  readonly user: string | null;
  readonly sender: string | null;
}

export interface ReportRow extends ReportGroup, ReportFigures {
  /** null where the group has no key, or no user. */
  readonly keyName: string | null;
  readonly userName: string | null;
}
export interface Report {
  /** By time where it is grouped by day or hour, else the largest first. At most REPORT_ROWS_MAX. */
  readonly rows: readonly ReportRow[];
  /** Of all rows, those that are left out as well. */
  readonly sum: ReportFigures;
  readonly leftOut: number;
}

/** Why messages failed; the messages of all reasons that are not `blocked` are the report's `failed`. */
export interface ReportReason {
  readonly state: ReasonedState;
  readonly error: string;
  readonly messages: number;
}
/** What the page of a report shows beside its rows. */
export interface ReportPicture {
  readonly report: Report;
  /** In the reader's days, or hours of a short period; empty places of time are there with zeros. */
  readonly series: readonly (ReportFigures & { readonly at: string })[];
  readonly seriesOf: 'day' | 'hour';
  readonly countries: readonly (ReportFigures & { readonly country: Iso2 })[];
  /** Most messages first. */
  readonly reasons: readonly ReportReason[];
}
export interface ReportNames {
  readonly users: readonly { readonly id: UserId; readonly name: string }[];
  readonly keys: readonly { readonly id: KeyId; readonly name: string }[];
}
