/**
 * A secret between the form that made it and the page that shows it: in a cookie of the user's own browser for that one look, so that
 * reloading the page neither shows it again nor makes another.
 */
import type { RequestEventCommon } from '@builder.io/qwik-city';

const NAME = 'shown-once';
/** From the answer to the next page: a redirect takes no longer. */
const KEPT_S = 60;

const place = (event: RequestEventCommon) =>
  ({ path: '/', httpOnly: true, sameSite: 'strict', secure: event.url.protocol === 'https:' }) as const;

/** @param what names the thing, so that no other page shows it */
export function showOnce(event: RequestEventCommon, what: string, secret: string): void {
  event.cookie.set(NAME, { what, secret }, { ...place(event), maxAge: KEPT_S });
}

/** null when there is nothing to show, it was shown before, or it is another thing's: that waits for its own look. */
export function takeShownOnce(event: RequestEventCommon, what: string): string | null {
  const secret = shownOf(event.cookie.get(NAME)?.value, what);
  if (secret !== null) event.cookie.delete(NAME, place(event));
  return secret;
}

function shownOf(value: string | undefined, what: string): string | null {
  if (value === undefined) return null;
  try {
    const shown: unknown = JSON.parse(value);
    if (typeof shown !== 'object' || shown === null) return null;
    const { what: named, secret } = shown as Record<string, unknown>;
    return named === what && typeof secret === 'string' ? secret : null;
  } catch {
    return null;
  }
}
