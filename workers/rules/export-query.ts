/** The filter of the download centre as its address writes it; the console's page and the JSON route read the same words. */
import type { ExportListFilter } from '../../schema/exports';
import { AppError, type FieldError } from '../../schema/errors';
import type { UserId } from '../../schema/ids';
import { EXPORT_KINDS } from '../../schema/states';
import { parseLocal } from './local-time';

const DAY_ONLY = /^\d{4}-\d\d-\d\d$/;
/** The last day is meant whole. */
const DAY_MS = 24 * 60 * 60 * 1_000;
const USER = /^[\w-]{1,40}$/;

/**
 * `kind`, `user`, `from` and `until` (days or times in `zone`); empty values are no filter, so that a form may send all its fields.
 * @throws AppError invalid_request naming every field that cannot be read
 */
export function readExportQuery(query: URLSearchParams, zone: string): ExportListFilter {
  const wrong: FieldError[] = [];
  const text = (field: string): string => query.get(field)?.trim() ?? '';
  const time = (field: string): number | null => {
    if (text(field) === '') return null;
    const at = parseLocal(text(field), zone);
    if (at === null) wrong.push({ field, code: 'invalid' });
    return at;
  };
  const kind = EXPORT_KINDS.find((known) => known === text('kind'));
  if (text('kind') !== '' && !kind) wrong.push({ field: 'kind', code: 'invalid' });
  const user = text('user');
  if (user !== '' && !USER.test(user)) wrong.push({ field: 'user', code: 'invalid' });
  const from = time('from');
  const until = time('until');
  if (wrong.length > 0) throw new AppError('invalid_request', { fields: wrong });
  return {
    ...(kind && { kind }),
    ...(user !== '' && { user: user as UserId }),
    ...(from !== null && { createdFrom: from }),
    ...(until !== null && { createdUntil: DAY_ONLY.test(text('until')) ? until + DAY_MS : until }),
  };
}
