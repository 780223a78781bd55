/** Sent and delivered per day: bars and a line as SVG made on the server, and the same figures as a table for whoever cannot see them. */
import { _ } from 'compiled-i18n';
import type { DayTotals } from '../../schema/console';
import type { Locale } from '../../schema/states';
import { compact, number, share } from '../lib/numbers';
import { shortDay } from '../lib/times';
import { Table } from './table';

interface TrendChartProps {
  readonly days: readonly DayTotals[];
  readonly locale: Locale;
}

/** A scale of an account that has sent next to nothing. */
const LOWEST_TOP = 10;
/** Gap between bars, as a share of a day's width. */
const GAP = 0.34;
/** The line of the delivery rate spans this range, so that its changes are seen. */
const RATE_FLOOR = 0.8;

export const TrendChart = ({ days, locale }: TrendChartProps) => {
  const top = niceTop(Math.max(...days.map(({ submitted }) => submitted), LOWEST_TOP));
  const step = 100 / Math.max(days.length, 1);
  const height = (value: number): number => (value / top) * 100;
  const middle = Math.floor((days.length - 1) / 2);
  return (
    <div class="trend">
      <div class="chart" aria-hidden="true">
        <div class="y">
          {[1, 0.5, 0].map((part) => (
            <span key={part}>{compact(top * part, locale)}</span>
          ))}
        </div>
        <div class="plot">
          <svg viewBox="0 0 100 100" preserveAspectRatio="none">
            {[0, 50, 100].map((y) => (
              <path key={y} class="grid" d={`M0 ${y}H100`} />
            ))}
            {days.map(({ day, submitted, delivered, failed }, at) => (
              <g key={day}>
                <title>{`${day}  ${_`Sent`} ${number(submitted, locale)} · ${_`Delivered`} ${number(delivered, locale)} · ${_`Failed`} ${number(failed, locale)}`}</title>
                <Bar kind="all" x={at * step} width={step} height={height(submitted)} />
                <Bar kind="delivered" x={at * step} width={step} height={height(delivered)} />
              </g>
            ))}
            <path class="rate" d={rateLine(days, step)} />
          </svg>
        </div>
        <div class="y right">
          {[1, (1 + RATE_FLOOR) / 2, RATE_FLOOR].map((rate) => (
            <span key={rate}>{Math.round(rate * 100)}%</span>
          ))}
        </div>
        <div class="x">{[days[0], days[middle], days.at(-1)].map((day) => day && <span key={day.day}>{shortDay(day.day)}</span>)}</div>
      </div>
      <div class="chart-foot">
        <ul class="legend" aria-hidden="true">
          <LegendItem kind="delivered" text={_`Delivered`} />
          <LegendItem kind="all" text={_`Sent, not delivered`} />
          <LegendItem kind="rate" text={_`Delivery rate`} />
        </ul>
        <details class="as-table">
          <summary>{_`Show as a table`}</summary>
          <Table
            caption={_`Sent and delivered in the last 30 days`}
            rows={days.toReversed()}
            rowKey={({ day }) => day}
            columns={[
              { head: _`Day`, cell: ({ day }) => <time dateTime={day}>{day}</time> },
              { head: _`Sent`, num: true, cell: ({ submitted }) => number(submitted, locale) },
              { head: _`Delivered`, num: true, cell: ({ delivered }) => number(delivered, locale) },
              { head: _`Failed`, num: true, cell: ({ failed }) => number(failed, locale) },
              { head: _`Delivery rate`, num: true, cell: ({ delivered, submitted }) => share(delivered, submitted, locale) },
            ]}
          />
        </details>
      </div>
    </div>
  );
};

const Bar = ({ kind, x, width, height }: { kind: 'all' | 'delivered'; x: number; width: number; height: number }) => (
  <rect
    class={`bar-${kind}`}
    x={(x + (width * GAP) / 2).toFixed(2)}
    y={(100 - height).toFixed(2)}
    width={(width * (1 - GAP)).toFixed(2)}
    height={height.toFixed(2)}
  />
);

const LegendItem = ({ kind, text }: { kind: 'all' | 'delivered' | 'rate'; text: string }) => (
  <li>
    <svg viewBox="0 0 8 8">
      <rect class={`key-${kind}`} width="8" height="8" />
    </svg>
    {text}
  </li>
);

/** Days without a message break the line. */
function rateLine(days: readonly DayTotals[], step: number): string {
  let path = '';
  let open = false;
  days.forEach(({ submitted, delivered }, at) => {
    if (submitted === 0) {
      open = false;
      return;
    }
    const rate = Math.max(RATE_FLOOR, Math.min(1, delivered / submitted));
    const y = ((1 - rate) / (1 - RATE_FLOOR)) * 100;
    path += `${open ? 'L' : 'M'}${(at * step + step / 2).toFixed(2)} ${y.toFixed(2)}`;
    open = true;
  });
  return path;
}

/** The next 1, 2, 2.5 or 5 times a power of ten. */
function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  for (const factor of [1, 2, 2.5, 5]) if (value <= factor * power) return factor * power;
  return 10 * power;
}
