/** Watching something that moves on the server, from the browser. */

/**
 * Asks a JSON route again and again while the page is looked at; an answer that does not come is asked for again.
 * @returns ends it
 */
export function follow<T>(path: string, news: (answer: T) => void, everyMs = 1_000): () => void {
  let timer = 0;
  let ended = false;
  const look = async (): Promise<void> => {
    if (document.visibilityState === 'visible') {
      const response = await fetch(path).catch(() => null);
      // The session has ended meanwhile: the page leads to the sign-in.
      if (response?.status === 401) location.reload();
      else if (response?.ok && !ended) news((await response.json()) as T);
    }
    if (!ended) again();
  };
  const again = (): void => {
    timer = window.setTimeout(() => void look(), everyMs);
  };
  again();
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}
