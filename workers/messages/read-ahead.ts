/**
 * Members of an archive file one after the other, some of them in one read, and the next of them on their way while these are worked on:
 * a read takes as long as the work on its rows, and an export of ten million rows would wait for a thousand of them.
 */
import type { ArchiveMember } from '../../schema/protocol/archive';
import { ArchiveFileGone } from '../gateways/archive-members';
import type { Files } from '../gateways/files';
import { giveBack } from '../rules/given-back';

/** Packed; two of these are held at once. */
const READ_BYTES = 1024 * 1024;
/** Members that are not wanted and lie in between are read with the others up to here. */
const GAP_BYTES = 64 * 1024;

interface Piece {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

const endOf = ({ offset, packedBytes }: ArchiveMember): number => offset + packedBytes;
const holds = ({ offset, bytes }: Piece, member: ArchiveMember): boolean =>
  member.offset >= offset && endOf(member) <= offset + bytes.byteLength;

export class ReadAhead {
  readonly #files: Pick<Files, 'read'>;
  readonly #file: string;
  #held: Piece | null = null;
  #coming: { readonly offset: number; readonly piece: Promise<Piece> } | null = null;

  constructor(files: Pick<Files, 'read'>, file: string) {
    this.#files = files;
    this.#file = file;
  }

  /**
   * The first of these members, packed, good until the next call. The others will be asked for next, in this order.
   * @throws ArchiveFileGone
   */
  async packed(wanted: readonly [ArchiveMember, ...ArchiveMember[]]): Promise<Uint8Array> {
    const [member] = wanted;
    if (!this.#held || !holds(this.#held, member)) {
      const coming = this.#coming?.offset === member.offset ? this.#coming.piece : this.#read(wanted);
      this.#coming = null;
      const next = await coming;
      if (this.#held) giveBack(this.#held.bytes);
      this.#held = next;
    }
    const held = this.#held;
    if (!this.#coming) this.#readOn(wanted.filter((one) => !holds(held, one)));
    const from = member.offset - held.offset;
    return held.bytes.subarray(from, from + member.packedBytes);
  }

  #readOn(rest: readonly ArchiveMember[]): void {
    const [first] = rest;
    if (!first) return;
    const piece = this.#read(rest);
    // Whoever asks for it hears of it; nobody may.
    piece.catch(() => undefined);
    this.#coming = { offset: first.offset, piece };
  }

  async #read(wanted: readonly ArchiveMember[]): Promise<Piece> {
    const offset = wanted[0]?.offset ?? 0;
    let end = offset;
    for (const member of wanted) {
      const isFirst = end === offset;
      if (!isFirst && (member.offset - end > GAP_BYTES || endOf(member) - offset > READ_BYTES)) break;
      end = endOf(member);
    }
    const bytes = await this.#files.read(this.#file, { offset, length: end - offset });
    if (bytes === null) throw new ArchiveFileGone();
    return { offset, bytes };
  }
}
