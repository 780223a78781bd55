/** What owners read when the platform has switched one of their endpoints off. */
import { WEBHOOK_DISABLED_AFTER_MS } from '../../schema/limits';
import type { EndpointTrouble, Locale } from '../../schema/states';

const DAYS = WEBHOOK_DISABLED_AFTER_MS / (24 * 60 * 60 * 1_000);

export function endpointOffText(
  locale: Locale,
  { name, url, trouble, page }: { readonly name: string; readonly url: string; readonly trouble: EndpointTrouble; readonly page: string },
): { subject: string; text: string } {
  // What stands behind a question mark may be a password of theirs.
  const shown = url.split('?')[0] ?? url;
  if (locale === 'zh-CN') {
    const reason = trouble === 'gone' ? '该地址返回了 410（已不存在）' : `该地址已连续 ${DAYS} 天未能成功接收任何推送`;
    return {
      subject: `锦木通信平台：Webhook“${name}”已停用`,
      text: `Webhook“${name}”（${shown}）已被停用：${reason}。\n\n修复后请在控制台重新启用，并可补发未送达的推送（保留 30 天）：${page}\n`,
    };
  }
  const reason = trouble === 'gone' ? 'it answered 410 (gone)' : `it has taken nothing for ${DAYS} days`;
  return {
    subject: `JMC: your webhook endpoint “${name}” is switched off`,
    text: `Your webhook endpoint “${name}” (${shown}) is switched off: ${reason}.\n\nOnce it is repaired, switch it on again in the console and replay what it missed (kept for 30 days): ${page}\n`,
  };
}
