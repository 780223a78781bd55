/** When a shard may leave for the archive. Pure. */
import { owesLedger } from './allowance';
import type { ShardState } from './shard-state';
import { isDone } from './totals';

const DAY_MS = 24 * 60 * 60 * 1_000;
/** A Worker whose clock is behind may still bring a message of the day before. */
const DAY_SLACK_MS = 60 * 1_000;

/** Everything is over, and everybody who must know of it does. */
export function isSettled(state: ShardState): boolean {
  const { settings, progress, chunks, waits, announcements, version } = state;
  const { phase, startedAt, walkAfter, reported, written } = progress;
  if (!settings || startedAt === null || state.lastRow === 0) return false;
  if (phase !== 'running' && phase !== 'paused' && phase !== 'stopped') return false;
  if (version > written || (settings.task !== null && version > reported) || owesLedger(state)) return false;
  if (chunks.all().length > 0 || waits.unanswered.rows > 0 || waits.retries.waiting > 0) return false;
  return walkAfter === null && !announcements.isOwed && !announcements.isHeld && isDone(state);
}

/** @param afterMs quiet time before a shard is sealed; not finite = never @returns ms UTC, null = not as things stand */
export function sealAt(state: ShardState, now: number, afterMs: number): number | null {
  if (!Number.isFinite(afterMs) || !isSettled(state)) return null;
  // Over, but more of the day may come: looking at the rows can wait.
  const overAt = state.settings?.origin === 'api' ? endOfDay(state.progress.startedAt ?? now) : 0;
  if (overAt > now) return overAt + afterMs;
  return Math.max(overAt, state.changedAt) + afterMs;
}

const endOfDay = (at: number): number => (Math.floor(at / DAY_MS) + 1) * DAY_MS + DAY_SLACK_MS;
