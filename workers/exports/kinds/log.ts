/** The log, filtered: every column of the log query. */
import { LOG_COLUMNS } from '../../rules/log-lines';
import type { Kind } from '../kind';
import type { RequestOf } from '../../../schema/exports';
import { messagesOf } from './log-source';

export const log: Kind<RequestOf<'log'>> = {
  name: { 'zh-CN': '日志', en: 'log' },
  columnsOf: () => LOG_COLUMNS,
  open: (gateways, tenant, { filter: { dataset = 'current', ...filter } }, format, until) =>
    messagesOf(gateways, tenant, dataset, { ...filter, receivedUntil: until }, (segment, after, maxRows) =>
      segment.lines(after, maxRows, format),
    ),
};
