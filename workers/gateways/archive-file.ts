/**
 * Writes one archive file: rows in order, as gzip members that can be read one by one, and the number index beside it. Holds one member, one
 * part of the upload and 8 bytes a row.
 */
import { gunzipSync, gzipSync } from 'node:zlib';
import { ARCHIVE_PART_BYTES } from '../../schema/limits';
import { ARCHIVE_MEMBER_BYTES, ARCHIVE_MEMBER_ROWS, type ArchiveCell, type PackedMember } from '../../schema/protocol/archive';
import { numberIndexKey } from '../../schema/storage-keys';
import { packMember } from '../rules/archive-index';
import { archiveHeader, ArchiveLines, type ArchiveLine } from '../rules/archive-lines';
import { ArchiveTally } from '../rules/archive-tally';
import { NumberIndex } from '../rules/number-index';
import type { Files } from './files';
import { PartWriter } from './files/part-writer';

/** What D1 is told of a file. */
export interface ArchiveContents {
  readonly rows: number;
  /** Without the number index. */
  readonly bytes: number;
  readonly fromAt: number;
  readonly untilAt: number;
  readonly cells: readonly ArchiveCell[];
  readonly members: readonly PackedMember[];
  /** R2 key of its number index, which has an entry a row. */
  readonly numbers: string;
}

/** Level 5 packs a tenth better than level 1 for a microsecond a row; 6 and above take much longer for little more (docs/decisions). */
export const packRows = (plain: Uint8Array): Uint8Array => gzipSync(plain, { level: 5 });
/** Of one member. */
export const unpackRows = (packed: Uint8Array): Uint8Array => gunzipSync(packed);

interface OpenMember {
  readonly fromAt: number;
  rows: number;
  untilAt: number;
}

export class ArchiveFile {
  readonly #files: Files;
  readonly #key: string;
  readonly #memberRows: number;
  readonly #out: PartWriter;
  readonly #lines = new ArchiveLines();
  readonly #numbers = new NumberIndex();
  readonly #tally = new ArchiveTally();
  readonly #members: PackedMember[] = [];
  #member: OpenMember | null = null;
  /** Members on their way out. */
  #packed: Uint8Array[] = [];
  #rows = 0;
  #fromAt = 0;

  constructor(files: Files, key: string, memberRows = ARCHIVE_MEMBER_ROWS) {
    this.#files = files;
    this.#key = key;
    this.#memberRows = memberRows;
    this.#out = new PartWriter(files, key, ARCHIVE_PART_BYTES);
  }

  /** Rows come in the order of their numbers, which is that of `receivedAt`; `flush` now and then. @param row its number, from 1 without gaps */
  add(row: number, line: ArchiveLine): void {
    const { lineClass, state, from, receivedAt } = line;
    if (row !== this.#rows + 1) throw new Error('rows of a file must follow each other');
    if (row === 1) this.#fromAt = receivedAt;
    this.#rows = row;
    this.#member ??= { fromAt: receivedAt, rows: 0, untilAt: receivedAt };
    this.#member.rows += 1;
    this.#member.untilAt = receivedAt;
    this.#tally.add(lineClass, state, from);
    this.#numbers.add(Number(line.to), this.#members.length);
    this.#lines.add(line);
    if (this.#member.rows >= this.#memberRows || this.#lines.length >= ARCHIVE_MEMBER_BYTES) this.#endMember();
  }

  /** Members are complete and lie in memory. */
  get isWaiting(): boolean {
    return this.#packed.length > 0;
  }

  /** Members that are complete go out. */
  async flush(): Promise<void> {
    const packed = this.#packed;
    this.#packed = [];
    for (const member of packed) await this.#out.write(member);
  }

  #endMember(): void {
    const member = this.#member;
    if (!member) return;
    this.#member = null;
    const lines = this.#lines.take();
    const plain = this.#members.length === 0 ? joined(archiveHeader(), lines) : lines;
    const packed = packRows(plain);
    this.#tally.endMember(this.#members.length);
    this.#members.push(packMember({ ...member, packedBytes: packed.length, plainBytes: plain.length }, this.#fromAt));
    this.#packed.push(packed);
  }

  /** The file first, its index after it: whoever knows of the file finds both. */
  async finish(): Promise<ArchiveContents> {
    this.#endMember();
    await this.flush();
    const last = this.#members.at(-1);
    if (!last) throw new Error('an archive file without rows');
    const bytes = await this.#out.finish();
    const numbers = numberIndexKey(this.#key);
    await this.#files.write(numbers, this.#numbers.take());
    const [, , , , untilAt] = last;
    const span = { fromAt: this.#fromAt, untilAt: this.#fromAt + untilAt };
    return { rows: this.#rows, bytes, ...span, cells: this.#tally.cells(), members: this.#members, numbers };
  }

  async abort(): Promise<void> {
    await this.#out.abort();
  }
}

function joined(head: Uint8Array, rest: Uint8Array): Uint8Array {
  const whole = new Uint8Array(head.length + rest.length);
  whole.set(head);
  whole.set(rest, head.length);
  return whole;
}
