/** What the check found: figures, countries with price and sender rules, bad rows. */
import { _ } from 'compiled-i18n';
import type { CountrySummary, SenderWarningView, TaskView } from '../../schema/console';
import type { Locale } from '../../schema/states';
import { duration } from '../lib/duration';
import { money, price } from '../lib/amounts';
import { number } from '../lib/numbers';
import { liveTask } from '../lib/live-task';
import { Icon } from './icon';
import { CheckFigures } from './live-task-panel';
import type { Tone } from './note';
import { Table } from './table';

export interface BadRow {
  readonly row: number;
  readonly value: string;
  readonly reason: string;
}

export const CheckSummary = ({ view, locale }: { view: TaskView; locale: Locale }) => {
  const { startedAt, finishedAt } = view.check;
  return (
    <section class="card" aria-labelledby="check-title">
      <div class="title">
        <h2 id="check-title">{_`Check of the numbers`}</h2>
        <span class="badge ok">
          {startedAt !== null && finishedAt !== null ? _`Done in ${duration((finishedAt - startedAt) / 1000)}` : _`Done`}
        </span>
      </div>
      <div class="in stack">
        <CheckFigures live={liveTask(view)} locale={locale} />
        <EncodingLine view={view} locale={locale} />
      </div>
    </section>
  );
};

const EncodingLine = ({ view, locale }: { view: TaskView; locale: Locale }) => {
  const { byEncoding, maxParts, parts } = view.check.totals;
  return (
    <p class="measure">
      {byEncoding.gsm7 > 0 && <span class="badge ok">{`GSM-7 · ${number(byEncoding.gsm7, locale)}`}</span>}
      {byEncoding.ucs2 > 0 && <span class="badge warn">{`UCS-2 · ${number(byEncoding.ucs2, locale)}`}</span>}
      <span>{_`${number(parts, locale)} parts billed in all, at most ${number(maxParts, locale)} a message`}</span>
    </p>
  );
};

export const CountryTable = ({ countries, locale }: { countries: readonly CountrySummary[]; locale: Locale }) => (
  <section class="card" aria-labelledby="countries-title">
    <div class="title">
      <h2 id="countries-title">{_`Countries and regions`}</h2>
    </div>
    <Table
      caption={_`Messages, price and sender rules by country or region`}
      folds
      rows={countries}
      rowKey={({ country }) => country}
      columns={[
        { head: _`Country or region`, fold: 'lead', cell: ({ name }) => <b>{name}</b> },
        { head: _`Messages`, num: true, cell: ({ messages }) => number(messages, locale) },
        { head: _`Parts`, num: true, cell: ({ parts }) => number(parts, locale) },
        { head: _`Price of a part`, num: true, cell: ({ unitMicros }) => (unitMicros === null ? '—' : price(unitMicros, locale)) },
        { head: _`Cost`, num: true, cell: ({ costMicros }) => money(costMicros, locale) },
        { head: _`Sender rules`, wide: true, fold: 'whole', cell: ({ warnings }) => <Warnings warnings={warnings} /> },
      ]}
    />
  </section>
);

const TONES: Readonly<Record<SenderWarningView['level'], Tone>> = { ok: 'ok', warn: 'warn', bad: 'bad', unknown: 'wait' };

/** Rules of one country come from one page of the carrier's manual: said once below them. Worst first; what is not pressing folds away. */
const SHOWN_WARNINGS = 2;

const Warnings = ({ warnings }: { warnings: readonly SenderWarningView[] }) => {
  const rest = warnings.slice(SHOWN_WARNINGS);
  const [first] = warnings;
  return (
    <div class="warnings">
      <WarningList warnings={warnings.slice(0, SHOWN_WARNINGS)} />
      {rest.length > 0 && (
        <details>
          <summary>{_`${rest.length} more rules`}</summary>
          <WarningList warnings={rest} />
        </details>
      )}
      {first && (
        <small>
          {first.updated !== null && _`As of ${first.updated}`}
          {first.sourceUrl !== null && (
            <>
              {' '}
              <a href={first.sourceUrl} target="_blank" rel="noreferrer">
                {_`Source`}
                <span class="unseen">{_`(opens in a new tab)`}</span>
              </a>
            </>
          )}
        </small>
      )}
    </div>
  );
};

const WarningList = ({ warnings }: { warnings: readonly SenderWarningView[] }) => (
  <ul>
    {warnings.map(({ level, code, text }) => (
      <li key={code}>
        <span class={['badge', TONES[level]]}>{text}</span>
      </li>
    ))}
  </ul>
);

export const BadRows = ({ id, rows, total, locale }: { id: string; rows: readonly BadRow[]; total: number; locale: Locale }) => (
  <section class="card" aria-labelledby="bad-title">
    <div class="title">
      <h2 id="bad-title">{_`Rows that are left out`}</h2>
      <a class="btn small" href={`/api/tasks/${id}/exceptions.xlsx`} download>
        <Icon name="download" />
        <span class="asis">异常数据.xlsx</span>
      </a>
    </div>
    <Table
      caption={_`Rows that are left out`}
      rows={rows}
      rowKey={({ row }) => String(row)}
      columns={[
        { head: _`Row`, cell: ({ row }) => <span class="num">{number(row, locale)}</span> },
        { head: _`Value in the file`, cell: ({ value }) => <span class="mono">{value}</span> },
        { head: _`Reason`, wide: true, cell: ({ reason }) => reason },
      ]}
    />
    {total > rows.length && <p class="pager">{_`The first ${rows.length} of ${number(total, locale)}; the file holds all of them.`}</p>}
  </section>
);
