/** AppError → RFC 9457 problem document: the one place where an error becomes an answer. */
import { AppError, ERRORS, errorText, fieldErrorText } from '../../schema/errors';
import type { Locale } from '../../schema/states';

/** Details that the client needs in a header as well: how long to wait. */
function retryAfterSeconds(error: AppError): number | null {
  const { minutes, seconds } = error.details;
  if (typeof seconds === 'number') return seconds;
  if (typeof minutes === 'number') return minutes * 60;
  return null;
}

export function problem(thrown: unknown, locale: Locale, requestId: string): Response {
  const error = thrown instanceof AppError ? thrown : new AppError('server_error');
  // The name of an unexpected exception is for the log; its text may hold a number or a body, so it stays out even there.
  if (thrown !== error)
    console.error(JSON.stringify({ requestId, unexpected: thrown instanceof Error ? thrown.name : typeof thrown, stack: stackOf(thrown) }));
  const headers = new Headers({ 'content-type': 'application/problem+json; charset=utf-8', 'cache-control': 'no-store' });
  const wait = retryAfterSeconds(error);
  if (wait !== null) headers.set('retry-after', String(wait));
  const { status } = ERRORS[error.code];
  const body = {
    type: `/docs/errors#${error.code}`,
    title: errorText(error.code, locale, error.details),
    status,
    detail: errorText(error.code, locale, error.details),
    code: error.code,
    errors: error.fields.map(({ field, code, details }) => ({ field, code, detail: fieldErrorText(code, locale, details) })),
    request_id: requestId,
  };
  return Response.json(body, { status, headers });
}

/** Frames only: the first line of a stack is the message. */
function stackOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error)) return undefined;
  return thrown.stack
    ?.split('\n')
    .filter((line) => line.trimStart().startsWith('at '))
    .slice(0, 8)
    .join('\n');
}
