/** Where a page of a list ended that goes by time, newest first: rows of one millisecond are told apart by their id. */
import type { Page } from '../../schema/console';
import { AppError } from '../../schema/errors';

export interface ListPlace {
  /** ms UTC */
  readonly at: number;
  readonly id: string;
}

/** Ids are ASCII without spaces; it is only ever compared with, so one that nobody has does no harm. */
const PLACE = /^(-?\d{1,16})\.([\x21-\x7e]{1,100})$/;

/** @param cursor null or absent = from the newest on. @throws AppError invalid_request naming `cursor` */
export function readPlace(cursor: string | null | undefined): ListPlace | null {
  if (cursor === null || cursor === undefined) return null;
  const place = PLACE.exec(cursor);
  if (!place) throw new AppError('invalid_request', { fields: [{ field: 'cursor', code: 'invalid' }] });
  return { at: Number(place[1]), id: place[2] ?? '' };
}

/** @param found the rows asked for and, where there are more, one of those */
export function pageOf<Row>(found: readonly Row[], limit: number, placeOf: (row: Row) => ListPlace): Page<Row> {
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  if (found.length <= limit || last === undefined) return { rows, cursor: null };
  const { at, id } = placeOf(last);
  return { rows, cursor: `${at}.${id}` };
}
