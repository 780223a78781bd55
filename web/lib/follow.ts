/** Watching something that moves on the server, from the browser. */

const EVERY_MS = 1_000;

/**
 * Asks a JSON route again and again while the page is looked at; an answer that does not come is asked for again.
 * @returns ends it
 */
export const follow = <T>(path: string, news: (answer: T) => void): (() => void) =>
  askAgain(path, EVERY_MS, async (response, isWanted) => {
    const answer = (await response.json()) as T;
    if (isWanted()) news(answer);
  });

/**
 * Asks for this page again and again and puts in what the server now writes into its moving parts, those with `data-moves`: figures and tables without
 * anything to type into. The browser then needs none of the code that draws them.
 * @returns ends it
 */
export const renewParts = (everyMs: number): (() => void) =>
  askAgain(location.href, everyMs, async (response, isWanted) => {
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    if (!isWanted()) return;
    for (const part of document.querySelectorAll<HTMLElement>('[data-moves]')) {
      const renewed = page.querySelector(`[data-moves="${part.dataset['moves']}"]`);
      // Who stands on a link in it with the keyboard must not lose the place.
      if (renewed && !part.contains(document.activeElement)) part.innerHTML = renewed.innerHTML;
    }
  });

function askAgain(path: string, everyMs: number, take: (response: Response, isWanted: () => boolean) => Promise<void>): () => void {
  let timer = 0;
  let ended = false;
  const look = async (): Promise<void> => {
    if (document.visibilityState === 'visible') {
      const response = await fetch(path).catch(() => null);
      // The session has ended meanwhile: the page leads to the sign-in.
      if (response?.status === 401 || response?.redirected) location.reload();
      else if (response?.ok) await take(response, () => !ended);
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
