/** What the tenant's MainlandCaps said about the recipients of one request, and which of the counted ones go after all. */
import type { FrequencyReason, MainlandText } from '../../schema/protocol/mainland-caps';
import type { ScreenedRecipient } from '../../schema/protocol/objects';

export const mainlandTexts = (recipients: readonly ScreenedRecipient[]): MainlandText[] =>
  recipients.flatMap(([recipient, , , body]): MainlandText[] => (body === null ? [] : [[recipient, body]]));

export class MainlandVerdicts {
  /** By position in the request. */
  readonly #verdicts = new Map<number, number | FrequencyReason>();
  readonly #used: number[] = [];

  /** @param verdicts one a mainland recipient, in order; fewer = nobody was asked about the others */
  constructor(recipients: readonly ScreenedRecipient[], verdicts: readonly (number | FrequencyReason)[]) {
    let next = 0;
    for (const [at, [, , , body]] of recipients.entries()) {
      const verdict = body === null ? undefined : verdicts[next++];
      if (verdict !== undefined) this.#verdicts.set(at, verdict);
    }
  }

  /** null = may go. */
  judge(at: number): FrequencyReason | null {
    const verdict = this.#verdicts.get(at);
    return typeof verdict === 'string' ? verdict : null;
  }

  use(at: number): void {
    const verdict = this.#verdicts.get(at);
    if (typeof verdict === 'number') this.#used.push(verdict);
  }

  /** Numbers in the count of those that go. */
  get used(): readonly number[] {
    return this.#used;
  }

  /** Of those that were counted and do not go: another reason stopped them, or the whole request. */
  get unused(): readonly number[] {
    const used = new Set(this.#used);
    return [...this.#verdicts.values()].filter((verdict) => typeof verdict === 'number' && !used.has(verdict)).map(Number);
  }
}
