/** When a shard must wake up next. */
import type { Allowance } from './allowance';
import type { Announcer } from './announcer';
import type { Outbox } from './outbox';
import type { Reporter } from './reporter';
import type { Sealer } from './sealer';
import type { ShardState } from './shard-state';

/** @returns ms UTC, null when nothing is due ever */
export function nextDueAt(
  state: ShardState,
  now: number,
  {
    outbox,
    reporter,
    allowance,
    announcer,
    sealer,
  }: {
    readonly outbox: Outbox;
    readonly reporter: Reporter;
    readonly allowance: Allowance;
    readonly announcer: Announcer;
    readonly sealer: Sealer;
  },
): number | null {
  const { phase, walkAfter, expireAt } = state.progress;
  const { chunks, waits } = state;
  const times: (number | null)[] = [
    chunks.nextDeadline,
    waits.unanswered.nextAt,
    expireAt,
    reporter.dueAt(state, now),
    allowance.dueAt(state, now),
    announcer.dueAt(now),
    sealer.dueAt(state, now),
  ];
  if (walkAfter !== null) times.push(now);
  if (phase === 'running') {
    times.push(outbox.dueAt(state, now));
    // Due already and not releasable: the next claim makes room.
    const { nextAt } = waits.retries;
    if (nextAt !== null && nextAt > now) times.push(nextAt);
    if (outbox.owes) times.push(now + 1_000);
  }
  const due = times.filter((at) => at !== null);
  return due.length === 0 ? null : Math.min(...due);
}
