import { _ } from 'compiled-i18n';

/** A span of time in its largest unit, as one would say it. @param seconds at least 0 */
export function duration(seconds: number): string {
  if (seconds < 90) return _`${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return _`${minutes} min`;
  const hours = Math.round(minutes / 6) / 10;
  return hours < 48 ? _`${hours} h` : _`${Math.round(hours / 24)} days`;
}
