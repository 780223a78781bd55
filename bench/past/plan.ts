/** The past of a tenant, a year unless it is told otherwise: campaigns now and then, codes on most days. */
import type { Chance } from './chance';

const DAY_MS = 24 * 60 * 60 * 1_000;
const HOUR_MS = 60 * 60 * 1_000;
const MARKETING_SHARE = 0.7;
const CAMPAIGN_ROWS_MAX = 500_000;
/** Messages that a campaign sends a second. */
export const CAMPAIGN_PER_SECOND = 300;

const TEXTS = [
  { text: 'Autumn sale: 20% off everything until Sunday at starry-river.example. Reply STOP to opt out.', parts: 1, personal: false },
  {
    text: 'Hi {{name}}, your early access opens at 20:00. Code {{code}} gives 15% off. Reply STOP to opt out.',
    parts: 1,
    personal: true,
  },
  { text: '{{name}}，您好！新品今晚 20:00 开售，优惠码 {{code}}。回复 T 退订。', parts: 1, personal: true },
  {
    text: '【星河出海】双十一大促进行中：全场满 300 减 50，会员折上再享九五折，部分商品限时直降，库存有限，先到先得。活动至本周日 24:00 结束，详情见 starry-river.example。回复 T 退订。',
    parts: 2,
    personal: false,
  },
] as const;

const NAMES = ['Autumn sale', 'Early access', '新品预告', '双十一大促', 'Members week', 'Spring launch', '会员日', 'Back in stock'];

export interface PlannedTask {
  readonly kind: 'task';
  readonly name: string;
  readonly template: (typeof TEXTS)[number];
  readonly startedAt: number;
  readonly rows: number;
}
export interface PlannedDay {
  readonly kind: 'day';
  readonly startedAt: number;
  readonly rows: number;
}

export interface Span {
  /** ms UTC, its end. */
  readonly untilAt: number;
  readonly days?: number;
  /** Codes of one day, as long as there are days enough. */
  readonly dayRows?: number;
}

/** Oldest first; `rows` in all. */
export function planPast(chance: Chance, rows: number, { untilAt, days = 365, dayRows = 20_000 }: Span): (PlannedTask | PlannedDay)[] {
  const firstDay = Math.floor(untilAt / DAY_MS) - days;
  const planned: (PlannedTask | PlannedDay)[] = [];
  const marketing = Math.round(rows * MARKETING_SHARE);
  const largest = Math.min(CAMPAIGN_ROWS_MAX, Math.max(1_000, Math.ceil(marketing / 8)));
  for (let left = marketing; left > 0;) {
    const count = Math.min(left, Math.ceil(largest / 4) + chance.below(Math.ceil((largest * 3) / 4)));
    const startedAt = (firstDay + chance.below(days - 2)) * DAY_MS + chance.below(12) * HOUR_MS + chance.below(HOUR_MS);
    const name = `${chance.of(NAMES)} ${planned.length + 1}`;
    planned.push({ kind: 'task', name, template: chance.of(TEXTS), startedAt, rows: Math.min(count, CAMPAIGN_ROWS_MAX) });
    left -= count;
  }
  const codes = rows - marketing;
  const codeDays = Math.min(days, Math.max(1, Math.round(codes / dayRows)));
  for (let day = 0; day < codeDays; day++) {
    const share = Math.floor((codes * (day + 1)) / codeDays) - Math.floor((codes * day) / codeDays);
    const startedAt = (firstDay + Math.floor((day * days) / codeDays)) * DAY_MS;
    if (share > 0) planned.push({ kind: 'day', startedAt, rows: share });
  }
  return planned.sort((a, b) => a.startedAt - b.startedAt);
}
