/** The index of an archive file, short enough for rows of D1. */
import type { ArchiveMember, PackedMember } from '../../schema/protocol/archive';

export const packMember = (
  { packedBytes, plainBytes, rows, fromAt, untilAt }: Omit<ArchiveMember, 'number' | 'offset' | 'firstRow'>,
  fileFromAt: number,
): PackedMember => [packedBytes, plainBytes, rows, fromAt - fileFromAt, untilAt - fileFromAt];

/** Members lie one behind the other, and so do the numbers of their rows. */
export function unpackMembers(packed: readonly PackedMember[], fileFromAt: number): readonly ArchiveMember[] {
  let offset = 0;
  let firstRow = 1;
  return packed.map(([packedBytes, plainBytes, rows, from, until], number) => {
    const member = { number, offset, packedBytes, plainBytes, firstRow, rows, fromAt: fileFromAt + from, untilAt: fileFromAt + until };
    offset += packedBytes;
    firstRow += rows;
    return member;
  });
}

/** Members of a cell as D1 keeps them: each number as the distance from the one before it. */
export function packMembersOf(members: readonly number[]): readonly number[] {
  let before = 0;
  return members.map((value, at) => {
    if (at % 2 === 1) return value;
    const distance = value - before;
    before = value;
    return distance;
  });
}

export function unpackMembersOf(packed: readonly number[]): readonly number[] {
  let member = 0;
  return packed.map((value, at) => (at % 2 === 1 ? value : (member += value)));
}
