import { _ } from 'compiled-i18n';
import type { ReceiptLag } from '../../schema/operators';

/** A span of time in its largest unit, as one would say it. @param seconds at least 0 */
export function duration(seconds: number): string {
  if (seconds < 90) return _`${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return _`${minutes} min`;
  const hours = Math.round(minutes / 6) / 10;
  return hours < 48 ? _`${hours} h` : _`${Math.round(hours / 24)} days`;
}

/** Within what half of the receipts came, and nearly all of them. */
export function receiptLagText({ receipts, half, most }: ReceiptLag): string {
  if (receipts === 0) return '—';
  const within = (ms: number | null): string => (ms === null ? _`over a day` : `≤ ${duration(ms / 1_000)}`);
  return half === most ? within(half) : `${within(half)} · ${within(most)}`;
}
