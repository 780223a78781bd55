/** What moved a balance, page by page. */
import { _ } from 'compiled-i18n';
import type { LedgerLine, Page } from '../../schema/console';
import type { Locale } from '../../schema/states';
import { price } from '../lib/amounts';
import { withQuery } from '../lib/paths';
import { moment } from '../lib/times';
import { EmptyState } from './empty-state';
import { Pager } from './pager';
import { Table } from './table';

interface LedgerTableProps {
  readonly page: Page<LedgerLine>;
  readonly url: URL;
  readonly locale: Locale;
  readonly timeZone: string;
  /** Of a tenant's own page: tasks are one step away. */
  readonly linksTasks: boolean;
}

const kindLabel = (kind: LedgerLine['kind']): string => ({ top_up: _`Top-up`, reserve: _`Reserved`, settle: _`Spent` })[kind];

const About = ({ line: { task, key, day, reference }, linksTasks }: { line: LedgerLine; linksTasks: boolean }) => {
  if (task !== null && linksTasks) {
    return (
      <a class="mono" href={`/tasks/${task}`}>
        {task}
      </a>
    );
  }
  return (
    <>
      <span class="mono">{reference}</span>
      {key !== null && day !== null && <span class="sub">{_`API messages of ${day} (UTC)`}</span>}
    </>
  );
};

/** What is spent or held stands below zero: the lines of payments and of what was spent add up to the balance. */
const signed = ({ kind, micros }: LedgerLine): number => (kind === 'settle' ? 0 - micros : micros);

export const LedgerTable = ({ page, url, locale, timeZone, linksTasks }: LedgerTableProps) => (
  <section class="card" aria-labelledby="ledger-title">
    <div class="title">
      <h2 id="ledger-title">{_`Ledger`}</h2>
    </div>
    {page.rows.length === 0 ? (
      <EmptyState title={_`Nothing was entered yet`} />
    ) : (
      <Table
        caption={_`Ledger`}
        folds
        rows={page.rows}
        rowKey={({ n }) => String(n)}
        columns={[
          { head: _`Reference`, wide: true, fold: 'lead', cell: (line) => <About line={line} linksTasks={linksTasks} /> },
          { head: _`Kind`, cell: ({ kind }) => kindLabel(kind) },
          {
            head: _`Amount`,
            num: true,
            cell: (line) =>
              line.kind === 'reserve' ? <span class="muted">{price(line.micros, locale)}</span> : price(signed(line), locale),
          },
          { head: _`Time`, num: true, cell: ({ at }) => moment(at, 'second', timeZone) },
        ]}
      />
    )}
    <Pager
      first={url.searchParams.has('cursor') ? withQuery(url, { cursor: null, done: null }) : null}
      next={page.cursor === null ? null : withQuery(url, { cursor: page.cursor, done: null })}
    />
  </section>
);
