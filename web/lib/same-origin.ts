/**
 * Posts come from our own pages only. Browsers always send Sec-Fetch-Site or Origin with a post; a client that sends neither is no browser
 * and carries no victim's cookie.
 */
export function fromOurPages(request: Request, url: URL): boolean {
  if (request.method === 'GET' || request.method === 'HEAD') return true;
  const site = request.headers.get('sec-fetch-site');
  if (site !== null && site !== 'same-origin' && site !== 'none') return false;
  const origin = request.headers.get('origin');
  return origin === null || origin === url.origin;
}
