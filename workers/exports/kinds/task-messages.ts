/** Two files about one task: the cost statement of every message, and the messages that were not delivered, each with its reason. */
import type { LineFormat, LogRow } from '../../../schema/protocol/message-shard';
import { FREE_MESSAGE_STATES, MISSED_MESSAGE_STATES, type MessageState } from '../../../schema/states';
import { countryName } from '../../rules/countries';
import type { FileColumn } from '../../rules/file-columns';
import { formatLocal } from '../../rules/local-time';
import { maskedBody } from '../../rules/masking';
import { messageStateName } from '../../rules/state-names';
import { decimalMoney } from '../../rules/money';
import { maskDigits } from '../../rules/phone';
import { messageErrorText } from '../../rules/vonage-status';
import { csvBatch } from '../csv-batch';
import type { Kind } from '../kind';
import type { RequestOf } from '../../../schema/exports';
import { messagesOf } from './log-source';

type Cell = (row: LogRow, format: LineFormat) => string;
type Column = FileColumn & { readonly of: Cell };

const FREE: ReadonlySet<MessageState> = new Set(FREE_MESSAGE_STATES);

const task: Column = { 'zh-CN': 'TaskID', en: 'TaskID', of: (row) => row.task ?? '' };
const to: Column = {
  'zh-CN': '手机号码',
  en: 'Number',
  cells: 'digits',
  of: (row, { maskNumbers }) => (maskNumbers ? maskDigits(row.to) : row.to),
};
const result: Column = { 'zh-CN': '结果', en: 'Result', of: (row, { locale }) => messageStateName(row.state, locale) };
const sentAt: Column = {
  'zh-CN': '发送时间',
  en: 'Sent at',
  of: ({ submittedAt }, { timeZone }) => (submittedAt === null ? '' : formatLocal(submittedAt, timeZone)),
};
const country: Column = { 'zh-CN': '国家地区名称', en: 'Country or region', of: (row, { locale }) => countryName(row.country, locale) };
const countryCode: Column = { 'zh-CN': '国家地区代码', en: 'Country code', of: (row) => row.country };
const from: Column = { 'zh-CN': 'FROM', en: 'FROM', of: (row) => row.from };
const body: Column = {
  'zh-CN': '发送内容',
  en: 'Content',
  of: (row, { maskBodies }) => (maskBodies ? maskedBody(row.body, row.kind) : row.body),
};
const cost: Column = {
  'zh-CN': '费用',
  en: 'Cost',
  cells: 'number',
  of: ({ state, priceMicros }) => decimalMoney(FREE.has(state) ? 0 : priceMicros),
};
const errorCode: Column = { 'zh-CN': '错误代码', en: 'Error code', of: (row) => row.error ?? '' };
const reason: Column = {
  'zh-CN': '失败原因',
  en: 'Reason',
  of: ({ error }, { locale }) => (error === null ? '' : messageErrorText(error, locale)),
};

function ofTask<Name extends 'statement' | 'failures'>(
  name: Kind<unknown>['name'],
  columns: readonly Column[],
  states: readonly MessageState[] | null,
): Kind<RequestOf<Name>> {
  return {
    name,
    columnsOf: () => columns,
    open: (gateways, tenant, request, format, until) => {
      const filter = { task: request.filter.task, receivedUntil: until, ...(states && { states }) };
      return messagesOf(gateways, tenant, 'current', filter, async (segment, after, maxRows) => {
        const { rows, next } = await segment.rows(after, maxRows);
        const cells = rows.map((row) => columns.map((column) => column.of(row, format)));
        return { ...csvBatch(cells, null), next };
      });
    },
  };
}

export const statement = ofTask<'statement'>(
  { 'zh-CN': '费用明细', en: 'cost-statement' },
  [task, to, result, sentAt, country, countryCode, from, body, cost],
  null,
);

/** Blocked ones among them: they were to be sent and were not. */
export const failures = ofTask<'failures'>(
  { 'zh-CN': '失败明细', en: 'failed-messages' },
  [task, to, result, errorCode, reason, sentAt, country, countryCode, from, body],
  [...MISSED_MESSAGE_STATES, 'blocked'],
);
