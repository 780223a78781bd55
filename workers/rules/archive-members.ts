/** Which files, and which members of a file, can hold rows that a filter asks for. Never leaves one out that does. */
import type { ArchiveMember, FileTally, MemberTally } from '../../schema/protocol/archive';
import type { ShardFilter } from '../../schema/protocol/message-shard';

interface Span {
  readonly fromAt: number;
  readonly untilAt: number;
}

const overlaps = ({ fromAt, untilAt }: Span, { receivedFrom, receivedUntil }: ShardFilter): boolean =>
  (receivedFrom === undefined || untilAt >= receivedFrom) && (receivedUntil === undefined || fromAt < receivedUntil);

const isWithin = ({ fromAt, untilAt }: Span, { receivedFrom, receivedUntil }: ShardFilter): boolean =>
  (receivedFrom === undefined || fromAt >= receivedFrom) && (receivedUntil === undefined || untilAt < receivedUntil);

/** @param anyState states may have changed since the tally was made */
const isCounted = ([country, state]: MemberTally | FileTally, { countries, states }: ShardFilter, anyState: boolean): boolean =>
  (countries === undefined || countries.length === 0 || countries.includes(country)) &&
  (anyState || states === undefined || states.length === 0 || states.includes(state));

interface ArchivedSpan extends Span {
  readonly tally: readonly FileTally[];
  readonly patches: number;
}

export const fileMayHold = (file: ArchivedSpan, filter: ShardFilter): boolean =>
  overlaps(file, filter) && file.tally.some((cell) => isCounted(cell, filter, file.patches > 0));

/** Rows of a file that match, at most. */
export const fileRowsAtMost = ({ tally, patches }: Pick<ArchivedSpan, 'tally' | 'patches'>, filter: ShardFilter): number =>
  tally.reduce((sum, cell) => (isCounted(cell, filter, patches > 0) ? sum + cell[2] : sum), 0);

/** @param isPatched whether the member has rows that are no longer what the file says */
export function memberMayHold(member: ArchiveMember, filter: ShardFilter, isPatched: boolean): boolean {
  if (!overlaps(member, filter)) return false;
  if (filter.from !== undefined && member.senders !== null && !member.senders.includes(filter.from)) return false;
  return member.tally.some((cell) => isCounted(cell, filter, isPatched));
}

/** The filter as the rows of this member need it: times that all of them keep are not looked at. */
export function filterWithin<Filter extends ShardFilter>(member: ArchiveMember, filter: Filter): Filter {
  if (!isWithin(member, filter)) return filter;
  const { receivedFrom: _from, receivedUntil: _until, ...rest } = filter;
  return rest as Filter;
}
