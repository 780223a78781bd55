/** Same-origin paths: where a visitor wanted to go before signing in. */
import type { Dataset } from '../../schema/states';

/** `/tasks?state=running` and the like; anything that could lead elsewhere (`//evil`, `/\evil`, a scheme) is the home page. */
export function safePath(text: string | null | undefined): string {
  if (!text || !/^\/(?![/\\])/.test(text)) return '/';
  const base = 'http://console.invalid';
  try {
    const url = new URL(text, base);
    return url.origin === base ? url.pathname + url.search + url.hash : '/';
  } catch {
    return '/';
  }
}

/** The address of a page as a path, without what Qwik adds for a posted form. */
export function pathOf(url: URL): string {
  const search = new URLSearchParams(url.search);
  search.delete('qaction');
  const query = search.toString();
  return query === '' ? url.pathname : `${url.pathname}?${query}`;
}

/** Pages about the time before July 2021; some are those of the log, which know by their path what they show. */
export const LEGACY = '/legacy';
export const isLegacy = (path: string): boolean => path === LEGACY || path.startsWith(`${LEGACY}/`);
export const datasetOf = (path: string): Dataset => (isLegacy(path) ? 'legacy' : 'current');

export const OPERATORS_HOME = '/operators';
export const isOperators = (path: string): boolean => path === OPERATORS_HOME || path.startsWith(`${OPERATORS_HOME}/`);

/** Where an operator wanted to go: never out of the operators' own pages. */
export function operatorsPath(text: string | null | undefined): string {
  const path = safePath(text);
  return isOperators(path.replace(/[?#].*$/, '')) ? path : OPERATORS_HOME;
}

/** @param door '' or OPERATORS_HOME */
export const signInPath = (next: string, door: '' | typeof OPERATORS_HOME = ''): string =>
  next === (door || '/') ? `${door}/sign-in` : `${door}/sign-in?next=${encodeURIComponent(next)}`;

/** Where a form posts: its action on this page, with the page's own query kept. @param action `routeAction$().actionPath` */
export function actionPath(action: string, url: URL): string {
  const search = new URLSearchParams(url.search);
  search.delete('qaction');
  const rest = search.toString();
  return rest === '' ? action : `${action}&${rest}`;
}

/** The same address with some of its parameters replaced; null takes one away. */
export function withQuery(url: URL, changes: Readonly<Record<string, string | null>>): string {
  const search = new URLSearchParams(url.search);
  search.delete('qaction');
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === '') search.delete(name);
    else search.set(name, value);
  }
  const query = search.toString();
  return query === '' ? url.pathname : `${url.pathname}?${query}`;
}

/** The same address without one of the values of a parameter that may stand several times, on the first page. */
export function withoutValue(url: URL, name: string, value: string): string {
  const search = new URLSearchParams(url.search);
  const kept = search.getAll(name).filter((other) => other !== value);
  for (const dropped of [name, 'cursor', 'qaction']) search.delete(dropped);
  for (const other of kept) search.append(name, other);
  const query = search.toString();
  return query === '' ? url.pathname : `${url.pathname}?${query}`;
}
