/** The log query: one page of a tenant's messages, newest first. */
import type { Actor, LogFilter, Page } from '../../schema/console';
import { AppError } from '../../schema/errors';
import { PAGE_ROWS_MAX } from '../../schema/limits';
import type { LogRow } from '../../schema/protocol/message-shard';
import type { Dataset } from '../../schema/states';
import type { Gateways } from '../gateways';
import { decodeLogCursor, encodeLogCursor } from '../rules/log-cursor';
import { matchesLogFilter } from '../rules/log-filter';
import { maskingFor, shownRow } from '../rules/masking';
import { mergePage } from './search-merge';
import { logSegments } from './log-segments';
import { findOwnMessage } from './search-one';

type Reads = Pick<Gateways, 'tenant' | 'objects' | 'files'>;

/** A page is answered after about this long even when the search is not over; the reader goes on with its cursor. */
const SEARCH_MS = 5_000;

/** @throws AppError invalid_request naming `cursor` or `limit` */
export async function searchMessages(
  gateways: Reads,
  actor: Actor,
  filter: LogFilter,
  cursor: string | null,
  limit: number,
  dataset: Dataset = 'current',
): Promise<Page<LogRow>> {
  if (!Number.isInteger(limit) || limit < 1 || limit > PAGE_ROWS_MAX)
    throw new AppError('invalid_request', { fields: [{ field: 'limit', code: 'invalid' }] });
  const before = cursor === null ? null : decodeLogCursor(cursor);
  if (cursor !== null && before === null) throw new AppError('invalid_request', { fields: [{ field: 'cursor', code: 'invalid' }] });
  if (filter.message !== undefined) {
    const found = before === null ? await findOwnMessage(gateways, actor.tenant, filter.message, filter, dataset) : null;
    return { rows: found && matchesLogFilter(found.row, filter) ? [shownTo(actor, found.row)] : [], cursor: null };
  }
  const { rows, next } = await mergePage(logSegments(gateways, actor.tenant, dataset), filter, before, limit, Date.now() + SEARCH_MS);
  return { rows: rows.map((row) => shownTo(actor, row)), cursor: next && encodeLogCursor(next) };
}

/** One message. @throws AppError not_found, the same for another tenant's id as for one that does not exist */
export async function readMessage(gateways: Reads, actor: Actor, id: string): Promise<LogRow> {
  const found = (await findOwnMessage(gateways, actor.tenant, id)) ?? (await findOwnMessage(gateways, actor.tenant, id, {}, 'legacy'));
  if (!found) throw new AppError('not_found');
  return shownTo(actor, found.row);
}

const shownTo = (actor: Actor, row: LogRow): LogRow => shownRow(maskingFor(actor), row);
