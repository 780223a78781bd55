/** The numbers that a key must not send to, in their order. */
import { z } from 'zod';
import type { FileColumn } from '../../rules/file-columns';
import { formatLocal } from '../../rules/local-time';
import { maskDigits } from '../../rules/phone';
import { csvBatch } from '../csv-batch';
import type { Kind } from '../kind';
import type { RequestOf } from '../../../schema/exports';

const COLUMNS: readonly FileColumn[] = [
  { 'zh-CN': '手机号码', en: 'Number', cells: 'digits' },
  { 'zh-CN': '加入时间', en: 'Added at' },
  { 'zh-CN': '来源', en: 'Source' },
];
/** Why a number is there, as its gate keeps it. */
const SOURCES: Readonly<Record<string, Readonly<Record<'zh-CN' | 'en', string>>>> = {
  user: { 'zh-CN': '手动添加', en: 'added by a user' },
  opt_out: { 'zh-CN': '回复退订', en: 'opted out' },
};
const BlacklistPlace = z.number().int().nonnegative();
/** Of one call of the gate. */
const PAGE_NUMBERS = 5_000;

export const blacklist: Kind<RequestOf<'blacklist'>> = {
  name: { 'zh-CN': '黑名单', en: 'blacklist' },
  columnsOf: () => COLUMNS,
  open(gateways, tenant, { filter }, { locale, timeZone, maskNumbers }, until) {
    // A key of another tenant has an empty list here, however its id came into the request.
    const gate = async () => ((await gateways.tenant(tenant).keys.find(filter.key)) ? gateways.objects.keyGate(filter.key) : null);
    return {
      rowsAtMost: async () => (await (await gate())?.blacklistCounts())?.numbers ?? 0,
      async *batches(from) {
        const list = await gate();
        if (!list) return;
        let after = from === null ? 0 : BlacklistPlace.parse(from);
        for (;;) {
          const found = await list.listNumbers(after, PAGE_NUMBERS);
          const last = found.at(-1);
          if (!last) return;
          after = last.recipient;
          const kept = found.filter(({ addedAt }) => addedAt < until);
          yield csvBatch(
            kept.map(({ recipient, addedAt, reason }) => [
              maskNumbers ? maskDigits(String(recipient)) : String(recipient),
              formatLocal(addedAt, timeZone),
              SOURCES[reason]?.[locale] ?? reason,
            ]),
            after,
          );
        }
      },
    };
  },
};
