/** The least that an archive costs: its lines made and packed in plain Node, with nothing around it. */
import type { Iso2, KeyId, ShardNumber } from '../../schema/ids';
import { encodeMessageId } from '../../schema/message-id';
import type { FinishedRow } from '../../schema/protocol/message-shard';
import { MESSAGE_STATES } from '../../schema/states';
import { packRows } from '../../workers/gateways/archive-file';
import { ArchiveLines } from '../../workers/rules/archive-lines';
import { Chance } from '../past/chance';
import { pastRows, type PastRow } from '../past/rows';

const SHARED = { task: null, taskName: null, key: 'JMDEM0MARKET0001' as KeyId, kind: 'marketing' } as const;
const ROWS = 8_000;
const ROUNDS = 20;
const AT = Date.UTC(2026, 5, 1);
const CONTENT = 'Autumn sale: 20% off everything until Sunday at starry-river.example. Reply STOP to opt out.';

export interface PlainArchive {
  readonly cpuMsPerRow: number;
  /** Unpacked. */
  readonly bytesPerRow: number;
}

export function packInLoop(): PlainArchive {
  const released = Array.from({ length: ROWS }, (_, at): PastRow => ({ content: null, acceptedAt: null, releasedAt: AT + at * 3 }));
  const rows = JSON.parse(pastRows(new Chance(1), released, 1, {})) as FinishedRow[];
  const classes = new Map<string, { country: Iso2; parts: number; price: number }>();
  const before = process.cpuUsage();
  let bytes = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const lines = new ArchiveLines();
    for (const [at, [to, country, parts, price, , state, error, network, , submittedAt, finalAt]] of rows.entries()) {
      let lineClass = classes.get(country);
      if (!lineClass) classes.set(country, (lineClass = { country, parts, price }));
      lines.add({
        shared: SHARED,
        id: encodeMessageId(1 as ShardNumber, at),
        receivedAt: AT,
        submittedAt,
        finalAt,
        lineClass,
        from: 'JINMU',
        to: String(to),
        state: MESSAGE_STATES[state] ?? 'unknown',
        error,
        network,
        ref: null,
        body: CONTENT,
      });
    }
    const plain = lines.take();
    bytes += plain.length;
    packRows(plain);
  }
  const { user, system } = process.cpuUsage(before);
  return { cpuMsPerRow: (user + system) / 1_000 / (ROWS * ROUNDS), bytesPerRow: bytes / (ROWS * ROUNDS) };
}
