/** Parameters of a request however Vonage's clients write them: JSON, form or query, or a mixture. */

/** Values as they came; `parameter` reads them as text. */
export type Parameters = Readonly<Record<string, unknown>>;

/** @returns null when the body says it is JSON and is not an object */
export async function readParameters(request: Request): Promise<Parameters | null> {
  const queryAt = request.url.indexOf('?');
  const query = queryAt < 0 ? null : Object.fromEntries(new URLSearchParams(request.url.slice(queryAt + 1)));
  if (request.method !== 'POST') return query ?? {};
  const body = await request.text();
  const written =
    request.headers.get('content-type')?.startsWith('application/json') === true
      ? parseObject(body)
      : Object.fromEntries(new URLSearchParams(body));
  return query === null || written === null ? written : { ...query, ...written };
}

function parseObject(body: string): Parameters | null {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : null;
  } catch {
    return null;
  }
}

/** @returns undefined when it is missing or empty, which is the same to Vonage */
export function parameter(parameters: Parameters, name: string): string | undefined {
  const value = parameters[name];
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
