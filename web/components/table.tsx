/** Every list of the console: one way to head, align and fold it. A plain function, so cells may be any markup. */
import type { JSXChildren } from '@builder.io/qwik';

export interface Column<Row> {
  readonly head: string;
  readonly cell: (row: Row) => JSXChildren;
  /** Figures: to the right, digits of one width. */
  readonly num?: boolean;
  /** May wrap; `slim` keeps room for a bar of progress. */
  readonly wide?: boolean | 'slim';
  /** `lead` heads the card of a folded row, `whole` takes its full width, `blank` is left out there. */
  readonly fold?: 'lead' | 'whole' | 'blank';
}

interface TableProps<Row> {
  /** What the table is, for those who listen. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** Rows become cards on a phone; else the table scrolls in its frame. */
  readonly folds?: boolean;
}

export const Table = <Row,>({ caption, columns, rows, rowKey, folds = false }: TableProps<Row>) => {
  const kind = ({ num, wide, fold }: Column<Row>): string[] =>
    [num ? 'num' : '', wide === 'slim' ? 'slim' : wide ? 'wide' : '', fold ?? ''].filter((name) => name !== '');
  return (
    <div class="scroll" role="group" aria-label={caption} tabIndex={0}>
      <table class={folds ? 'fold' : ''}>
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column, at) => (
              <th key={at} scope="col" class={kind(column)}>
                {column.head === '' ? <span class="unseen">{caption}</span> : column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column, at) =>
                at === 0 ? (
                  <th key={at} scope="row" class={kind(column)} data-label={column.head}>
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={at} class={kind(column)} data-label={column.head}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};
