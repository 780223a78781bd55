/**
 * Where a page of the log ended. The log is one sequence, newest first: by time of acceptance, then shard, then row. A cursor is a place
 * in that sequence and not an offset, so rows that arrive later never shift a page.
 */
import { MESSAGE_ID_MAX_ROW, MESSAGE_ID_MAX_SHARD } from '../../schema/message-id';
import type { ShardNumber } from '../../schema/ids';

/** A place between two rows: what follows it is strictly older. */
export interface LogPosition {
  /** ms UTC */
  readonly receivedAt: number;
  readonly shard: ShardNumber;
  readonly row: number;
}

/** Before the newest row that a shard can hold. */
export const ABOVE_ALL_ROWS = MESSAGE_ID_MAX_ROW + 1;

/** Latest time that a date can hold, ms (ECMAScript). */
const LATEST_MS = 8_640_000_000_000_000;

/** Newest first, as Array.sort wants it. */
export const newerFirst = (a: LogPosition, b: LogPosition): number => b.receivedAt - a.receivedAt || b.shard - a.shard || b.row - a.row;

const ENCODED = /^[\w-]{4,80}$/;
const DECODED = /^1\.(\d{1,16})\.(\d{1,13})\.(\d{1,10})$/;

export const encodeLogCursor = ({ receivedAt, shard, row }: LogPosition): string =>
  btoa(`1.${receivedAt}.${shard}.${row}`).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

/** @returns null for anything that encodeLogCursor did not write: a cut, changed or made-up cursor. */
export function decodeLogCursor(text: string): LogPosition | null {
  if (!ENCODED.test(text)) return null;
  const match = DECODED.exec(decoded(text));
  if (!match) return null;
  const [receivedAt = 0, shard = 0, row = 0] = match.slice(1).map(Number);
  if (receivedAt > LATEST_MS || shard > MESSAGE_ID_MAX_SHARD || row > ABOVE_ALL_ROWS) return null;
  const position = { receivedAt, shard: shard as ShardNumber, row };
  return encodeLogCursor(position) === text ? position : null;
}

function decoded(text: string): string {
  try {
    return atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    return '';
  }
}
