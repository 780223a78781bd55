/**
 * Cuts a stream of bytes into parts of one size. Two buffers, used again and again: while one part is on its way to R2, the next one fills.
 * After each part it says what a later step needs to go on exactly there: the place that the bytes have reached and the few bytes beyond the part.
 */
import { giveBack } from '../rules/given-back';

export interface StoredPart<Place> {
  /** Of all parts so far. */
  readonly etags: readonly string[];
  /** As given with the last bytes written when the part was cut. */
  readonly place: Place;
  /** Bytes up to `place` that no part holds yet. */
  readonly carry: Uint8Array;
}

export interface PartSink<Place> {
  /** Stores part `number` (from 1) and answers its etag. Storing it again replaces it. */
  store(number: number, bytes: Uint8Array): Promise<string>;
  /** Called after a part is stored, one part at a time, in order. */
  stored(part: StoredPart<Place>): Promise<void>;
}

type Cut<Place> = Omit<StoredPart<Place>, 'etags'>;

export class PartWriter<Place> {
  readonly #sink: PartSink<Place>;
  readonly #partBytes: number;
  readonly #etags: string[];
  #filling: Uint8Array;
  #idle: Uint8Array;
  #fill: number;
  /** Stored or on their way, each of the full size. */
  #parts: number;
  #onTheWay: Promise<void> = Promise.resolve();

  /** @param carry bytes that belong behind the parts in `etags` */
  constructor(sink: PartSink<Place>, partBytes: number, etags: readonly string[], carry: Uint8Array) {
    this.#sink = sink;
    this.#partBytes = partBytes;
    this.#etags = [...etags];
    this.#filling = new Uint8Array(partBytes);
    this.#idle = new Uint8Array(partBytes);
    this.#filling.set(carry);
    this.#fill = carry.byteLength;
    this.#parts = etags.length;
  }

  /** Bytes written in all, those on their way included. */
  get bytes(): number {
    return this.#parts * this.#partBytes + this.#fill;
  }

  /** @param place what `bytes` reach. Rejects when a part on its way could not be stored. */
  async write(bytes: Uint8Array, place: Place): Promise<void> {
    let at = 0;
    while (bytes.byteLength - at >= this.#partBytes - this.#fill) {
      const taken = this.#partBytes - this.#fill;
      this.#filling.set(bytes.subarray(at, at + taken), this.#fill);
      at += taken;
      // Bytes longer than a part: only behind their last part do place and carry belong together. A copy: slice() of a Buffer is none.
      const rest = bytes.subarray(at);
      await this.#cut(rest.byteLength < this.#partBytes ? { place, carry: new Uint8Array(rest) } : null);
    }
    this.#filling.set(bytes.subarray(at), this.#fill);
    this.#fill += bytes.byteLength - at;
  }

  /** Waits for the parts on their way. @returns what is left, valid until the next write */
  async settle(): Promise<{ readonly etags: readonly string[]; readonly carry: Uint8Array }> {
    await this.#onTheWay;
    return { etags: this.#etags, carry: this.#filling.subarray(0, this.#fill) };
  }

  /** Once everything is settled and stored: the next step, which may follow at once in this isolate, has buffers of its own. */
  close(): void {
    giveBack(this.#filling);
    giveBack(this.#idle);
  }

  /** Sends the full buffer off and goes on in the other one, as soon as that has come back. */
  async #cut(cut: Cut<Place> | null): Promise<void> {
    await this.#onTheWay;
    this.#parts += 1;
    const full = this.#filling;
    this.#filling = this.#idle;
    this.#idle = full;
    this.#fill = 0;
    this.#onTheWay = this.#store(full, cut);
    // Whoever writes or settles next sees the rejection; until then it must not count as unhandled.
    this.#onTheWay.catch(() => undefined);
  }

  async #store(full: Uint8Array, cut: Cut<Place> | null): Promise<void> {
    this.#etags.push(await this.#sink.store(this.#etags.length + 1, full));
    if (cut) await this.#sink.stored({ ...cut, etags: this.#etags });
  }
}
