/** Messages of the log: the columns that are looked at most, or all that there are. */
import { _ } from 'compiled-i18n';
import type { Locale } from '../../schema/states';
import { price } from '../lib/amounts';
import { messageStateLabel, trafficKindLabel } from '../lib/labels';
import type { ShownMessage } from '../lib/log-source';
import { number, phone } from '../lib/numbers';
import { LEGACY } from '../lib/paths';
import { moment, momentOrDash } from '../lib/times';
import { Badge } from './badge';
import { Table, type Column } from './table';

interface LoggedMessage extends ShownMessage {
  /** Name of its key; null where nobody knows it. */
  readonly keyName: string | null;
}

interface LogTableProps {
  readonly rows: readonly LoggedMessage[];
  readonly isPast: boolean;
  /** All columns, or those that fit a screen. */
  readonly whole: boolean;
  readonly locale: Locale;
  readonly timeZone: string;
}

export const LogTable = ({ rows, whole, ...given }: LogTableProps) => (
  <Table caption={_`Message log`} folds rows={rows} rowKey={({ id }) => id} columns={whole ? wholeColumns(given) : usualColumns(given)} />
);

type Given = Pick<LogTableProps, 'isPast' | 'locale' | 'timeZone'>;
type Columns = readonly Column<LoggedMessage>[];

const usualColumns = (given: Given): Columns => {
  const { received, id, task, country, from, to, state, parts, cost } = columns(given);
  return [received, id, task, country, from, to, state, parts, cost];
};

const wholeColumns = (given: Given): Columns => {
  const { received, receipt, id, task, taskId, key, kind, country, network, from, to, state, code, parts, cost, body } = columns(given);
  return [received, id, task, taskId, key, kind, country, network, from, to, state, code, receipt, parts, cost, body];
};

/** What is not known of every message is left out of a card, where there is no room for dashes. */
const columns = ({ isPast, locale, timeZone }: Given) =>
  ({
    received: {
      head: _`Received`,
      fold: 'lead',
      cell: ({ receivedAt }) => (
        <time class="mono" dateTime={new Date(receivedAt).toISOString()}>
          {moment(receivedAt, isPast ? 'second' : 'brief', timeZone)}
        </time>
      ),
    },
    receipt: {
      head: _`Receipt`,
      fold: 'blank',
      cell: ({ finalAt }) => <span class="mono">{momentOrDash(finalAt, 'brief', timeZone)}</span>,
    },
    id: {
      head: 'Message Id',
      cell: ({ id }) => (
        <a class="mono" href={`${isPast ? `${LEGACY}/messages` : '/logs'}/${encodeURIComponent(id)}`}>
          {id}
        </a>
      ),
    },
    task: {
      head: _`Task`,
      wide: 'slim',
      fold: 'blank',
      cell: ({ task, taskName }) =>
        task === null ? (
          <span class="muted">{isPast ? '—' : 'API'}</span>
        ) : (
          <a href={isPast ? `${LEGACY}/tasks?id=${encodeURIComponent(task)}` : `/tasks/${task}`}>{taskName ?? task}</a>
        ),
    },
    taskId: { head: _`Task ID`, fold: 'blank', cell: ({ task }) => <span class="mono">{task ?? '—'}</span> },
    key: { head: _`Key`, fold: 'blank', cell: ({ key, keyName }) => keyName ?? (key || '—') },
    kind: { head: _`Kind`, fold: 'blank', cell: ({ kind }) => trafficKindLabel(kind) },
    country: {
      head: _`Country or region`,
      cell: ({ countryName, otherName }) => (
        <span>
          {countryName}
          <span class="sub">{otherName}</span>
        </span>
      ),
    },
    network: { head: _`Network`, fold: 'blank', cell: ({ network }) => network ?? '—' },
    from: { head: 'From', fold: 'blank', cell: ({ from }) => from },
    to: { head: 'To', cell: ({ to }) => <span class="mono">{phone(to)}</span> },
    state: {
      head: _`State and error`,
      wide: 'slim',
      cell: ({ state, errorText }) => (
        <span>
          <Badge label={messageStateLabel(state)} />
          {errorText && <span class="sub">{errorText}</span>}
        </span>
      ),
    },
    code: { head: _`Error code`, fold: 'blank', cell: ({ error }) => <span class="mono">{error ?? '—'}</span> },
    parts: { head: _`Parts`, num: true, fold: 'blank', cell: ({ parts }) => number(parts, locale) },
    cost: { head: _`Cost`, num: true, cell: ({ priceMicros }) => price(priceMicros, locale) },
    body: { head: _`Text of the message`, wide: true, fold: 'blank', cell: ({ body }) => <span class="asis long">{body}</span> },
  }) satisfies Record<string, Column<LoggedMessage>>;
