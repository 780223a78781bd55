/**
 * Calls of the same moment share one run: the first lets the others come in that already wait at the object's door, and each gets its own
 * answer of the run that holds them all. Under load many small calls then cost one transaction; a call that comes alone waits for one turn
 * of the event loop.
 */
interface Group<Call, Answer> {
  readonly calls: Call[];
  /** One a call, in order; null: the run failed and nothing has happened. */
  readonly answers: Promise<readonly Answer[] | null>;
}

export class Gathering<Call, Answer> {
  readonly #run: (calls: readonly Call[]) => readonly Answer[];
  readonly #after: () => Promise<void>;
  #open: Group<Call, Answer> | null = null;

  /**
   * @param run all or nothing: when it throws, each call is run again by itself, so that none fails for another's
   * @param after what must have happened before anybody is answered; when it fails all fail, for what was run has happened
   */
  constructor(run: (calls: readonly Call[]) => readonly Answer[], after: () => Promise<void>) {
    this.#run = run;
    this.#after = after;
  }

  async add(call: Call): Promise<Answer> {
    const group = (this.#open ??= this.#gather());
    const at = group.calls.push(call) - 1;
    const shared = await group.answers;
    if (shared !== null) return answerAt(shared, at);
    const alone = this.#run([call]);
    await this.#after();
    return answerAt(alone, 0);
  }

  #gather(): Group<Call, Answer> {
    const calls: Call[] = [];
    const answered = async (): Promise<readonly Answer[] | null> => {
      await new Promise((resolve) => setTimeout(resolve, 0));
      this.#open = null;
      let answers: readonly Answer[];
      try {
        answers = this.#run(calls);
      } catch {
        return null;
      }
      await this.#after();
      return answers;
    };
    return { calls, answers: answered() };
  }
}

function answerAt<Answer>(answers: readonly Answer[], at: number): Answer {
  const answer = answers[at];
  if (answer === undefined) throw new Error('a run left a call without an answer');
  return answer;
}
