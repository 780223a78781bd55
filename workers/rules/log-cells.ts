/** A row of the log in the columns of its exports (log-lines.ts), as texts that are neither quoted nor neutralised. */
import type { LineFormat, LogRow } from '../../schema/protocol/message-shard';
import { isFreeState } from '../../schema/states';
import { countryName } from './countries';
import { formatLocal } from './local-time';
import { LOG_CURRENCY } from './log-lines';
import { maskedBody } from './masking';
import { decimalMoney } from './money';
import { maskDigits } from './phone';
import { messageErrorText } from './vonage-status';

export const logCells = (row: LogRow, { timeZone, locale, maskNumbers, maskBodies }: LineFormat): string[] => [
  row.task ?? '',
  row.taskName ?? '',
  row.id,
  row.key,
  formatLocal(row.receivedAt, timeZone),
  row.finalAt === null ? '' : formatLocal(row.finalAt, timeZone),
  row.country,
  countryName(row.country, 'en'),
  countryName(row.country, 'zh-CN'),
  row.from,
  maskNumbers ? maskDigits(row.to) : row.to,
  row.state,
  row.error ?? '',
  row.error === null ? '' : messageErrorText(row.error, locale),
  row.network ?? '',
  String(row.parts),
  decimalMoney(isFreeState(row.state) ? 0 : row.priceMicros),
  LOG_CURRENCY,
  row.kind,
  maskBodies ? maskedBody(row.body, row.kind) : row.body,
];
