/** What owners read about a jump, in their mail and on their home page. */
import type { Locale } from '../../schema/states';
import { countryName } from './countries';
import type { TrafficJump } from './traffic-jump';

export function trafficJumpText(locale: Locale, { country, kind, found, usual }: TrafficJump): { subject: string; text: string } {
  const name = countryName(country, locale);
  const number = (value: number): string => value.toLocaleString(locale);
  if (locale === 'zh-CN') {
    const what =
      kind === 'volume'
        ? `发往${name}的短信一小时内达到 ${number(found)} 条；此前 7 天最高为每小时 ${number(usual)} 条。`
        : `发往${name}的短信一小时内失败率达到 ${found}%；此前 7 天为 ${usual}%。`;
    return {
      subject: `${name}：${kind === 'volume' ? '发送量激增' : '失败率激增'}`,
      text: `${what}如非贵司发送，请立即停用相关锦木Key 并联系客服。`,
    };
  }
  const what =
    kind === 'volume'
      ? `${number(found)} messages went to ${name} within one hour; the busiest hour of the 7 days before had ${number(usual)}.`
      : `${found}% of the messages of one hour to ${name} failed; it was ${usual}% in the 7 days before.`;
  return {
    subject: `${name}: ${kind === 'volume' ? 'a jump in volume' : 'a jump in failures'}`,
    text: `${what} If this is not your doing, switch the key off at once and tell us.`,
  };
}
