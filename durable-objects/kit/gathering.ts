/**
 * Calls of the same moment share one run: the first lets the others come in that already wait at the object's door, and all get the
 * answer of the run that holds what they brought. Under load many small calls then cost one transaction; a call that comes alone waits for
 * one turn of the event loop.
 */
interface Group<Item, Answer> {
  readonly items: Item[];
  readonly answer: Promise<Answer>;
}

export class Gathering<Item, Answer> {
  readonly #run: (items: readonly Item[]) => Promise<Answer>;
  #open: Group<Item, Answer> | null = null;

  /** @param run must bear to see an item twice: when it fails, each call tries again with its own items, so that none fails for another's */
  constructor(run: (items: readonly Item[]) => Promise<Answer>) {
    this.#run = run;
  }

  async add(items: readonly Item[]): Promise<Answer> {
    const group = (this.#open ??= this.#gather());
    group.items.push(...items);
    try {
      return await group.answer;
    } catch {
      return await this.#run(items);
    }
  }

  #gather(): Group<Item, Answer> {
    const items: Item[] = [];
    const run = async (): Promise<Answer> => {
      await new Promise((resolve) => setTimeout(resolve, 0));
      this.#open = null;
      return this.#run(items);
    };
    return { items, answer: run() };
  }
}
