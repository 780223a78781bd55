/** The index of an archive file, short enough for one row of D1. */
import type { Iso2 } from '../../schema/ids';
import type { ArchiveMember, MemberTally, PackedMember } from '../../schema/protocol/archive';
import { MESSAGE_STATES, messageStateCode } from '../../schema/states';

export const packMember = (member: ArchiveMember): PackedMember => [
  member.offset,
  member.packedBytes,
  member.plainBytes,
  member.firstRow,
  member.rows,
  member.fromAt,
  member.untilAt,
  member.tally.flatMap(([country, state, messages]) => [country, messageStateCode(state), messages]),
  member.senders,
];

export function unpackMember([
  offset,
  packedBytes,
  plainBytes,
  firstRow,
  rows,
  fromAt,
  untilAt,
  flat,
  senders,
]: PackedMember): ArchiveMember {
  const tally: MemberTally[] = [];
  for (let at = 0; at + 2 < flat.length; at += 3) {
    tally.push([flat[at] as Iso2, MESSAGE_STATES[Number(flat[at + 1])] ?? 'unknown', Number(flat[at + 2])]);
  }
  return { offset, packedBytes, plainBytes, firstRow, rows, fromAt, untilAt, tally, senders };
}
