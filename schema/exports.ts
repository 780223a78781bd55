/** What can be exported, cut to what, and how the download centre shows it. */
import { maySend, type Actor, type LogFilter, type TaskListFilter } from './console';
import type { ExportId, KeyId, TaskId, UserId } from './ids';
import type { ReportDimension, ReportFilter } from './reports';
import type { Dataset, ExportFormat, ExportKind, ExportState } from './states';

/** What each kind of export is cut to. */
interface ExportFilters {
  readonly log: LogFilter & { readonly dataset?: Dataset };
  readonly statement: { readonly task: TaskId };
  readonly failures: { readonly task: TaskId };
  readonly tasks: Omit<TaskListFilter, 'cursor'> & { readonly dataset?: Dataset };
  readonly report: ReportFilter & { readonly groupBy: readonly ReportDimension[] };
  readonly blacklist: { readonly key: KeyId };
}
export interface RequestOf<Name extends ExportKind> {
  readonly kind: Name;
  readonly format: ExportFormat;
  readonly filter: ExportFilters[Name];
  /** UTF-8 BOM in front of a csv, for Excel. */
  readonly bom: boolean;
}
export type ExportRequest = { [Name in ExportKind]: RequestOf<Name> }[ExportKind];
/** Which exports a list shows. */
export interface ExportListFilter {
  readonly kind?: ExportKind;
  readonly user?: UserId;
  /** When they were started, ms UTC. */
  readonly createdFrom?: number;
  readonly createdUntil?: number;
}
export interface ExportView {
  readonly id: ExportId;
  readonly kind: ExportKind;
  readonly format: ExportFormat;
  readonly fileName: string;
  readonly state: ExportState;
  readonly rows: number;
  readonly rowsExpected: number;
  readonly bytes: number;
  readonly user: UserId;
  readonly userName: string;
  readonly createdAt: number;
  readonly finishedAt: number | null;
  readonly expiresAt: number;
  readonly downloads: number;
  readonly error: string | null;
}

/** One's own, and those of colleagues for everybody but viewers. */
export const mayCancelExport = (actor: Actor, owner: UserId): boolean => actor.user === owner || maySend(actor);
