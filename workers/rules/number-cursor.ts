/** Where a page of a list ended that is numbered, newest first. */
import { AppError } from '../../schema/errors';

/** @throws invalid_request naming `cursor` */
export function readCursor(cursor: string | null): number | null {
  const before = cursor === null ? null : Number(cursor);
  if (before !== null && !Number.isSafeInteger(before))
    throw new AppError('invalid_request', { fields: [{ field: 'cursor', code: 'invalid' }] });
  return before;
}
