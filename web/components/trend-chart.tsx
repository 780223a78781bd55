/** Sent and delivered per day or hour: bars and a line as SVG made on the server, and the same figures as a table for whoever cannot see them. */
import { _ } from 'compiled-i18n';
import type { Locale } from '../../schema/states';
import { compact, number, share } from '../lib/numbers';
import { Table } from './table';

interface TrendPoint {
  /** A local day `YYYY-MM-DD`, or one of its hours `YYYY-MM-DD HH:mm`. */
  readonly at: string;
  readonly sent: number;
  readonly delivered: number;
  readonly failed: number;
}

interface TrendChartProps {
  readonly points: readonly TrendPoint[];
  /** What the table of the same figures is, for those who listen. */
  readonly caption: string;
  readonly locale: Locale;
}

/** A scale of an account that has sent next to nothing. */
const LOWEST_TOP = 10;
/** Gap between bars, as a share of a day's width. */
const GAP = 0.34;
/** The axis of the delivery rate begins here, or lower where the rate does, so that its changes are seen. */
const RATE_FLOOR = 0.8;
const RATE_STEP = 0.2;
/** Labels below the bars: as many as fit on a phone. */
const LABELS = 3;

export const TrendChart = ({ points, caption, locale }: TrendChartProps) => {
  const top = niceTop(Math.max(...points.map(({ sent }) => sent), LOWEST_TOP));
  const floor = rateFloor(points);
  const step = 100 / Math.max(points.length, 1);
  const height = (value: number): number => (value / top) * 100;
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
            {points.map(({ at, sent, delivered, failed }, index) => (
              <g key={at}>
                <title>{`${at}  ${_`Sent`} ${number(sent, locale)} · ${_`Delivered`} ${number(delivered, locale)} · ${_`Failed`} ${number(failed, locale)}`}</title>
                <Bar kind="all" x={index * step} width={step} height={height(sent)} />
                <Bar kind="delivered" x={index * step} width={step} height={height(delivered)} />
              </g>
            ))}
            <path class="rate" d={rateLine(points, step, floor)} />
          </svg>
        </div>
        <div class="y right">
          {[1, (1 + floor) / 2, floor].map((rate) => (
            <span key={rate}>{Math.round(rate * 100)}%</span>
          ))}
        </div>
        <div class="x">
          {labelsOf(points).map((label, index) => (
            <span key={index}>{label}</span>
          ))}
        </div>
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
            caption={caption}
            rows={points.toReversed()}
            rowKey={({ at }) => at}
            columns={[
              { head: _`Time`, cell: ({ at }) => <time dateTime={at}>{at}</time> },
              { head: _`Sent`, num: true, cell: ({ sent }) => number(sent, locale) },
              { head: _`Delivered`, num: true, cell: ({ delivered }) => number(delivered, locale) },
              { head: _`Failed`, num: true, cell: ({ failed }) => number(failed, locale) },
              { head: _`Delivery rate`, num: true, cell: ({ delivered, sent }) => share(delivered, sent, locale) },
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

/** The first, the last and what lies between, evenly: `11-23`, `10:00`, or with its year where there are several. */
function labelsOf(points: readonly TrendPoint[]): readonly string[] {
  const count = Math.min(LABELS, points.length);
  const chosen = Array.from(
    { length: count },
    (_unused, index) => points[Math.round((index * (points.length - 1)) / Math.max(1, count - 1))]?.at ?? '',
  );
  const isOneYear = points[0]?.at.slice(0, 4) === points.at(-1)?.at.slice(0, 4);
  const isOneDay = points[0]?.at.slice(0, 10) === points.at(-1)?.at.slice(0, 10) && points.length > 1;
  return chosen.map((at) => at.slice(isOneDay ? 11 : isOneYear ? 5 : 0));
}

function rateFloor(points: readonly TrendPoint[]): number {
  const lowest = Math.min(1, ...points.filter(({ sent }) => sent > 0).map(({ sent, delivered }) => delivered / sent));
  return Math.min(RATE_FLOOR, Math.floor(lowest / RATE_STEP) * RATE_STEP);
}

/** Times without a message break the line. */
function rateLine(points: readonly TrendPoint[], step: number, floor: number): string {
  let path = '';
  let open = false;
  points.forEach(({ sent, delivered }, index) => {
    if (sent === 0) {
      open = false;
      return;
    }
    const y = ((1 - Math.min(1, delivered / sent)) / (1 - floor)) * 100;
    path += `${open ? 'L' : 'M'}${(index * step + step / 2).toFixed(2)} ${y.toFixed(2)}`;
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
