/**
 * An alarm that is this late will not ring: after some failures in a row the runtime gives one up, and the object, still in memory, would wait for
 * it for ever.
 */
const LOST_AFTER_MS = 10_000;

/**
 * The one alarm of an object, set only when that changes something: each `setAlarm` is a billed write.
 */
export class AlarmClock {
  readonly #storage: DurableObjectStorage;
  /** undefined until the storage was asked; null = not set. */
  #at: number | null | undefined;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  /** Rings at `at` (ms UTC) or earlier. */
  async ringBy(at: number): Promise<void> {
    if (this.#at === undefined) this.#at = await this.#storage.getAlarm();
    if (this.#at !== null && this.#at <= at && this.#at > Date.now() - LOST_AFTER_MS) return;
    this.#at = at;
    await this.#storage.setAlarm(at);
  }

  /** First thing in `alarm()`: the alarm that rang is gone. */
  rang(): void {
    this.#at = null;
  }
}
