/**
 * Members of an archive file one after the other, some of them in one read, and the next of them on their way while these are worked on:
 * a read takes as long as the work on its rows, and an export of ten million rows would wait for a thousand of them.
 */
import type { ArchiveMember } from '../../schema/protocol/archive';
import { holdsMember, packedIn, readFirstMembers, type Piece } from './archive-members';
import type { Files } from './files';
import { giveBack } from '../rules/given-back';

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
    if (!this.#held || !holdsMember(this.#held, member)) {
      const coming = this.#coming?.offset === member.offset ? this.#coming.piece : readFirstMembers(this.#files, this.#file, wanted);
      this.#coming = null;
      const next = await coming;
      if (this.#held) giveBack(this.#held.bytes);
      this.#held = next;
    }
    const held = this.#held;
    if (!this.#coming) this.#readOn(wanted.filter((one) => !holdsMember(held, one)));
    return packedIn(held, member);
  }

  #readOn(rest: readonly ArchiveMember[]): void {
    const [first] = rest;
    if (!first) return;
    const piece = readFirstMembers(this.#files, this.#file, rest);
    // Whoever asks for it hears of it; nobody may.
    piece.catch(() => undefined);
    this.#coming = { offset: first.offset, piece };
  }
}
