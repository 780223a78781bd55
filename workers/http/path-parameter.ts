/** What stands in a path, as its writer meant it: the router hands it on encoded, and check characters of message ids are among what clients encode. */
import type { IRequest } from 'itty-router';

/** What cannot be decoded stays as it is, and names nothing. */
export function pathParameter(request: IRequest, name: string): string {
  const text = request.params[name] ?? '';
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
