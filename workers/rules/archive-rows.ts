/** Rows of an archive file as the log shows them: the same values that their shard gave before it was sealed. */
import type { Iso2, KeyId, MessageId, TaskId } from '../../schema/ids';
import type { RowPatch } from '../../schema/protocol/archive';
import type { LogRow } from '../../schema/protocol/message-shard';
import type { MessageState, TrafficKind } from '../../schema/states';
import { LINE_END_LENGTH, senderCell } from './archive-cells';
import type { ArchiveScan } from './archive-scan';
import { parseMoney } from './money';

// A byte order mark at the start of a body is text like any other.
const decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });

const TIME_OF_DAY = 11;

/** Reads the cells of one line, one after the other. */
class Cells {
  readonly #line: string;
  #at = 0;

  constructor(line: string) {
    this.#line = line;
  }

  next(): string {
    const line = this.#line;
    const start = this.#at;
    if (line.charCodeAt(start) !== 0x22) {
      const comma = line.indexOf(',', start);
      const end = comma < 0 ? line.length : comma;
      this.#at = end + 1;
      return line.slice(start, end);
    }
    let text = '';
    let from = start + 1;
    for (;;) {
      const quote = line.indexOf('"', from);
      text += line.slice(from, quote);
      if (line.charCodeAt(quote + 1) !== 0x22) {
        this.#at = quote + 2;
        return text;
      }
      text += '"';
      from = quote + 2;
    }
  }

  nextOrNull(): string | null {
    const text = this.next();
    return text === '' ? null : text;
  }
}

export class ArchiveRowReader {
  #date = '';
  #dayAt = 0;
  readonly #prices = new Map<string, number>();

  /** The row at which the scan stands. */
  read(scan: ArchiveScan): LogRow {
    return this.readAt(scan.bytes, scan.start, scan.endFrom(senderCell(scan.country)));
  }

  /** The row that lies from `start` to `end`, its line end included. */
  readAt(bytes: Uint8Array, start: number, end: number): LogRow {
    const cells = new Cells(decoder.decode(bytes.subarray(start, end - LINE_END_LENGTH)));
    const id = cells.next() as MessageId;
    const receivedAt = this.#time(cells.next());
    const submittedAt = this.#timeOrNull(cells.next());
    const finalAt = this.#timeOrNull(cells.next());
    const country = cells.next() as Iso2;
    const from = cells.next();
    const to = cells.next();
    const state = cells.next() as MessageState;
    const error = cells.nextOrNull();
    const network = cells.nextOrNull();
    const parts = Number(cells.next());
    const priceMicros = this.#price(cells.next());
    const kind = cells.next() as TrafficKind;
    const key = cells.next() as KeyId;
    const task = cells.nextOrNull() as TaskId | null;
    const name = cells.next();
    const taskName = task === null ? null : name;
    const ref = cells.nextOrNull();
    const body = cells.next();
    return {
      id,
      task,
      taskName,
      key,
      kind,
      receivedAt,
      submittedAt,
      finalAt,
      country,
      from,
      to,
      state,
      error,
      network,
      parts,
      priceMicros,
      body,
      ref,
    };
  }

  #timeOrNull(text: string): number | null {
    return text === '' ? null : this.#time(text);
  }

  /** Days are few: only the time of day is worked out anew. */
  #time(text: string): number {
    const date = text.slice(0, TIME_OF_DAY);
    if (date !== this.#date) {
      this.#date = date;
      this.#dayAt = Date.parse(`${date}00:00:00.000Z`);
    }
    const hours = Number(text.slice(11, 13));
    const minutes = Number(text.slice(14, 16));
    return this.#dayAt + (hours * 60 + minutes) * 60_000 + Number(text.slice(17, 19)) * 1_000 + Number(text.slice(20, 23));
  }

  #price(text: string): number {
    const known = this.#prices.get(text);
    if (known !== undefined) return known;
    const price = parseMoney(text);
    if (price === null) throw new Error('an archive row has no price');
    this.#prices.set(text, price);
    return price;
  }
}

/** How the row stands after a receipt that came when its shard was sealed. */
export const patchedRow = (row: LogRow, { state, error, network, finalAt }: RowPatch): LogRow => ({
  ...row,
  state,
  error,
  network,
  finalAt,
});
