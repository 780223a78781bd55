/** A bar in a terminal; a line now and then where the output is a file. */
const WIDTH = 32;
const QUIET_MS = 2_000;

export class ProgressBar {
  #lastLineAt = 0;

  constructor(readonly label: string) {}

  show(done: number, total: number): void {
    const share = total === 0 ? 1 : Math.min(1, done / total);
    const text = `  ${this.label.padEnd(10)} ${'█'.repeat(Math.round(share * WIDTH)).padEnd(WIDTH, '░')} ${done.toLocaleString('en')} / ${total.toLocaleString('en')}`;
    if (process.stdout.isTTY) process.stdout.write(`\r${text}`);
    else if (Date.now() - this.#lastLineAt >= QUIET_MS || share === 1) {
      this.#lastLineAt = Date.now();
      console.log(text);
    }
  }

  end(): void {
    if (process.stdout.isTTY) process.stdout.write('\n');
  }
}
