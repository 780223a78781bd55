/** What each action makes of a task. Pure; `taskActions` decides whether it may be done at all. */
import { taskActions, type TaskAction } from '../../schema/states';
import type { RunRecord } from './record';

export const allows = (record: RunRecord, action: TaskAction): boolean => taskActions(record.state, record.startedAt).includes(action);

/** Starts now, or waits until `startsAt` (ms). */
const startOrWait = (startsAt: number | null, now: number): Partial<RunRecord> =>
  startsAt !== null && startsAt > now ? { state: 'scheduled', startsAt } : { state: 'running', startedAt: now };

export const confirmed = (startsAt: number | null, now: number): Partial<RunRecord> => ({
  ...startOrWait(startsAt, now),
  startsAt,
  confirmedAt: now,
});

/** Paused before its start it waits for its time again; paused while running it goes on at once. */
export const resumed = (record: RunRecord, now: number): Partial<RunRecord> =>
  record.startedAt === null ? startOrWait(record.startsAt, now) : { state: 'running' };

export const cancelled = (now: number): Partial<RunRecord> => ({ state: 'cancelled', endedAt: now });
