/** One measured figure, printed as a line of JSON the moment it is known and in a table at the end. */
import { once } from 'node:events';

export interface Figure {
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  /** Rows or messages that the figure was measured on. */
  readonly rows: number;
  /** What it is held against in the same run; null where nothing plain does the same. */
  readonly reference: string | null;
  readonly referenceValue: number | null;
}

/** `value` over `referenceValue`, to three digits. */
const ratioOf = ({ value, referenceValue }: Figure): number | null =>
  referenceValue === null || referenceValue === 0 ? null : rounded(value / referenceValue);

/** Three significant digits for small values, whole numbers for large ones. */
const rounded = (value: number): number => (Math.abs(value) >= 1_000 ? Math.round(value) : Number(value.toPrecision(3)));

export type Report = (figure: Omit<Figure, 'reference' | 'referenceValue'> & Partial<Figure>) => void;

export class FigureList {
  readonly #figures: Figure[] = [];

  readonly report: Report = (partial) => {
    const figure: Figure = { reference: null, referenceValue: null, ...partial };
    this.#figures.push(figure);
    const { value, referenceValue } = figure;
    console.log(
      JSON.stringify({
        ...figure,
        value: rounded(value),
        referenceValue: referenceValue === null ? null : rounded(referenceValue),
        ratio: ratioOf(figure),
      }),
    );
  };

  async printTable(): Promise<void> {
    const number = (value: number): string => rounded(value).toLocaleString('en');
    const cells = this.#figures.map((figure) => [
      figure.figure,
      number(figure.value),
      figure.unit,
      number(figure.rows),
      figure.reference ?? '',
      figure.referenceValue === null ? '' : number(figure.referenceValue),
      String(ratioOf(figure) ?? ''),
    ]);
    const head = ['figure', 'value', 'unit', 'rows', 'reference', 'its value', 'ratio'];
    const widths = head.map((name, column) => Math.max(name.length, ...cells.map((row) => row[column]?.length ?? 0)));
    const isText = [true, false, true, false, true, false, false];
    const line = (row: readonly string[]): string =>
      row.map((cell, column) => (isText[column] ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ');
    const table = [line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...cells.map(line)].join('\n');
    // The process ends right after this: a pipe must have taken all of it.
    if (!process.stdout.write(`\n${table}\n`)) await once(process.stdout, 'drain');
  }
}

/** Value below which `share` of the samples lie. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
