/** Watches an unpacking: not too much may come out, and TaskRun hears that it is alive. */
import { AppError } from '../../schema/errors';
import { UNPACK_MAX_BYTES, UNPACK_MAX_RATIO } from '../../schema/limits';

/** Below this the ratio does not matter: small files of equal rows pack extremely well. */
const HARMLESS_BYTES = 16 * 1024 * 1024;
const SAY_EVERY_MS = 2_000;

export class UnpackGuard {
  readonly #packedSize: number;
  readonly #say: (done: number, total: number) => Promise<void>;
  #unpacked = 0;
  #saidAt = Date.now();

  /** @param say progress for people: bytes done of bytes to do */
  constructor(packedSize: number, say: (done: number, total: number) => Promise<void>) {
    this.#packedSize = packedSize;
    this.#say = say;
  }

  /** @throws AppError file_unpacks_too_large */
  passed(bytes: number): void {
    this.#unpacked += bytes;
    const tooDense = this.#unpacked > HARMLESS_BYTES && this.#unpacked > this.#packedSize * UNPACK_MAX_RATIO;
    if (tooDense || this.#unpacked > UNPACK_MAX_BYTES) throw new AppError('file_unpacks_too_large');
  }

  async beat(done: number, total: number): Promise<void> {
    const now = Date.now();
    if (now - this.#saidAt < SAY_EVERY_MS) return;
    this.#saidAt = now;
    await this.#say(done, total);
  }

  get unpacked(): number {
    return this.#unpacked;
  }
}
