/** The moving part of a task: what a page shows first and what it asks again each second. Pure and small: both sides use it. */
import type { TaskView } from '../../schema/console';
import type { MessageState, TaskState } from '../../schema/states';

export interface LiveTask {
  readonly state: TaskState;
  readonly phase: 'none' | 'unpacking' | 'splitting' | 'reading' | 'done';
  readonly bytesDone: number;
  readonly bytesTotal: number;
  readonly rows: number;
  readonly valid: number;
  readonly invalid: number;
  readonly duplicates: number;
  readonly blacklisted: number;
  readonly byState: Readonly<Partial<Record<MessageState, number>>>;
  readonly costMicros: number;
  readonly perSecond: number;
}

export const liveTask = ({ state, check, sending }: TaskView): LiveTask => ({
  state,
  phase: check.phase,
  bytesDone: check.bytesDone,
  bytesTotal: check.bytesTotal,
  rows: check.totals.rows,
  valid: check.totals.valid,
  invalid: check.totals.invalid,
  duplicates: check.totals.duplicates,
  blacklisted: check.totals.blacklisted,
  byState: sending.byState,
  costMicros: sending.costMicros,
  perSecond: sending.perSecond,
});

/** Messages a second from the start until the last one had left; null before that. */
export function averagePace({ startedAt, submittedAt, sending }: TaskView): number | null {
  if (startedAt === null || submittedAt === null) return null;
  const { submitted } = sendingCounts(sending.byState);
  return submitted === 0 ? null : Math.round((submitted * 1_000) / Math.max(1_000, submittedAt - startedAt));
}

/** States that change by themselves, so that looking again makes sense. */
export const isMoving = (state: TaskState): boolean => state === 'checking' || state === 'running' || state === 'stopping';

export interface SendingCounts {
  readonly submitted: number;
  readonly answered: number;
  readonly delivered: number;
  readonly failed: number;
  readonly undecided: number;
  readonly cancelled: number;
  readonly blocked: number;
}

/** Counts as the two bars show them: what was submitted, and of that what a receipt has come for. */
export function sendingCounts(byState: LiveTask['byState']): SendingCounts {
  const of = (...states: MessageState[]): number => states.reduce((sum, state) => sum + (byState[state] ?? 0), 0);
  const delivered = of('delivered');
  const failed = of('failed', 'expired', 'rejected');
  const undecided = of('unknown');
  const answered = delivered + failed + undecided;
  return {
    submitted: of('submitted') + answered,
    answered,
    delivered,
    failed,
    undecided,
    cancelled: of('cancelled'),
    blocked: of('blocked'),
  };
}
