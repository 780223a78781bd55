/** What console and operators say to each other about senders, signatures and templates for the mainland. */
import type { ApprovalId, TenantId } from './ids';
import type { ApprovalAction, ApprovalKind, ApprovalState, TrafficKind } from './states';

interface ApprovalFileView {
  readonly n: number;
  readonly fileName: string;
  readonly size: number;
}
export interface ApprovalItem {
  readonly id: ApprovalId;
  readonly kind: ApprovalKind;
  readonly traffic: TrafficKind;
  readonly name: string;
  readonly body: string;
  readonly state: ApprovalState;
  readonly createdAt: number;
  readonly updatedAt: number;
}
export interface ApprovalView extends ApprovalItem {
  readonly tenant: TenantId;
  readonly tenantName: string;
  readonly note: string;
  readonly files: readonly ApprovalFileView[];
  /** Oldest first. */
  readonly history: readonly {
    readonly action: ApprovalAction;
    readonly reason: string;
    readonly at: number;
    /** Name; null where it is not known, and for a tenant that asks who of the service team decided. */
    readonly who: string | null;
  }[];
}
export interface ApprovalQueueItem extends ApprovalItem {
  readonly tenantName: string;
}
export interface ApprovalForm {
  readonly kind: ApprovalKind;
  readonly traffic: TrafficKind;
  readonly name: string;
  readonly body: string;
  readonly note: string;
  readonly files: readonly { readonly fileName: string; readonly content: ArrayBuffer }[];
}
export interface ApprovalFile {
  readonly fileName: string;
  readonly contentType: string;
  readonly body: ReadableStream;
}

/** What the task form offers for the mainland: only what operators approved for marketing. */
export interface DomesticOptions {
  readonly senders: readonly { readonly id: ApprovalId; readonly value: string }[];
  readonly signatures: readonly { readonly id: ApprovalId; readonly name: string }[];
  readonly templates: readonly { readonly id: ApprovalId; readonly name: string; readonly body: string }[];
  /** Departures from the approved text are refused. */
  readonly exact: boolean;
}

/** A piece of a body beside the approved one. */
export interface Departure {
  readonly text: string;
  readonly kind: 'same' | 'added' | 'missing';
}
/** What the summary of a domestic task says. */
export interface DomesticFacts {
  readonly signature: string;
  readonly template: string;
  /** Where the body departs from the approved text; one `same` piece where it does not. */
  readonly departures: readonly Departure[];
  readonly departs: boolean;
  readonly lacksOptOut: boolean;
}
