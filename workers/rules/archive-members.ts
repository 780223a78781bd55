/** Which members of a file can hold rows that a filter asks for. Never leaves one out that does. */
import type { ArchiveMember, Outcome } from '../../schema/protocol/archive';
import type { ShardFilter } from '../../schema/protocol/message-shard';

interface Span {
  readonly fromAt: number;
  readonly untilAt: number;
}

const overlaps = ({ fromAt, untilAt }: Span, { receivedFrom, receivedUntil }: ShardFilter): boolean =>
  (receivedFrom === undefined || untilAt >= receivedFrom) && (receivedUntil === undefined || fromAt < receivedUntil);

const isWithin = ({ fromAt, untilAt }: Span, { receivedFrom, receivedUntil }: ShardFilter): boolean =>
  (receivedFrom === undefined || fromAt >= receivedFrom) && (receivedUntil === undefined || untilAt < receivedUntil);

const isGiven = <T>(list: readonly T[] | undefined): list is readonly T[] => list !== undefined && list.length > 0;

/** null = the filter asks for any outcome. */
export function outcomeOf({ countries, states, from }: ShardFilter): Outcome | null {
  const outcome: Outcome = {
    ...(isGiven(countries) && { countries }),
    ...(isGiven(states) && { states }),
    ...(from !== undefined && { from }),
  };
  return Object.keys(outcome).length === 0 ? null : outcome;
}

/** What is known of members without reading them, by their number. null = nothing. */
export interface MemberHints {
  /** How many rows have the outcome. */
  readonly outcome: ReadonlyMap<number, number> | null;
  /** Which may hold the recipient. */
  readonly recipient: ReadonlySet<number> | null;
}

/** Rows of the member that match, at most. @param changed rows whose outcome is no longer what the hints say, and is asked for */
export function memberRowsAtMost(member: ArchiveMember, filter: ShardFilter, { outcome, recipient }: MemberHints, changed: number): number {
  if (!overlaps(member, filter) || recipient?.has(member.number) === false) return 0;
  return outcome === null ? member.rows : Math.min(member.rows, (outcome.get(member.number) ?? 0) + changed);
}

/** The filter as the rows of this member need it: times that all of them keep are not looked at. */
export function filterWithin<Filter extends ShardFilter>(member: ArchiveMember, filter: Filter): Filter {
  if (!isWithin(member, filter)) return filter;
  const { receivedFrom: _from, receivedUntil: _until, ...rest } = filter;
  return rest as Filter;
}
