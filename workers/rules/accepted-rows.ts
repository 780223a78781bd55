/** Rows of a call on their way into a shard, as text. What neighbours say alike is said once: most calls say the same to all. */
import type { ApiRow } from '../../schema/protocol/message-shard';

/** In place of a content: that of the row before. */
const SAME = true;
type Packed = [...ApiRow] | [recipient: number, country: string, parts: number, priceMicros: number, content: typeof SAME, ...unknown[]];

export function packAccepted(rows: readonly ApiRow[]): string {
  let before: string | null = null;
  const packed = rows.map((row): Packed => {
    const content = row[4];
    const isSame = content === before;
    before = content;
    if (!isSame) return row;
    const [recipient, country, parts, priceMicros, , blocked] = row;
    return blocked ? [recipient, country, parts, priceMicros, SAME, blocked] : [recipient, country, parts, priceMicros, SAME];
  });
  return JSON.stringify(packed);
}

export function unpackAccepted(json: string): ApiRow[] {
  const packed = JSON.parse(json) as Packed[];
  let content = '';
  for (const row of packed) {
    if (row[4] === SAME) row[4] = content as never;
    else content = row[4];
  }
  return packed as ApiRow[];
}
