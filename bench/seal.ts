/** What it costs to bring a year of messages into the archive, and how much room they take there. */
import type { KeyId } from '../schema/ids';
import { startPlatform } from '../tests/support/server';
import type { Report } from './figure';
import { fillPast, pastSize, sealAll } from './past/fill-past';
import { cpuTime, peakMemory, processListeningOn } from './process';
import { packInLoop } from './references/archive-loop';

const ROWS = 1_000_000;
const MIB = 1024 * 1024;

export async function measureSeal(report: Report, rows = ROWS): Promise<void> {
  const plain = packInLoop();
  // Filled first and sealed after it, so that the one's time is not the other's.
  const platform = await startPlatform({ env: { SEAL_AFTER_MS: 'never' } });
  try {
    const { url, port, line } = platform;
    const pid = await processListeningOn(port);
    const keyOf = (kind: string): KeyId => line.demo.keys.find((key) => key.kind === kind && !key.test)?.baseKey as KeyId;
    const year = { url, rows, marketing: keyOf('marketing'), transactional: keyOf('transactional'), untilAt: Date.now(), seals: false };
    const shards = await fillPast(year);
    const filledMiB = (await peakMemory(pid)) / MIB;
    const [startedAt, cpuBefore] = [Date.now(), await cpuTime(pid)];
    await sealAll(url, shards);
    const [tookMs, cpuMs] = [Date.now() - startedAt, (await cpuTime(pid)) - cpuBefore];
    const size = await pastSize(url);
    if (size.rows !== rows || size.unsealed > 0) throw new Error(`${size.rows} of ${rows} rows are in the archive`);
    report({ figure: 'seal', value: rows / (tookMs / 1_000), unit: 'rows/s', rows });
    report({
      figure: 'seal, CPU of workerd',
      value: (cpuMs * 1_000) / rows,
      unit: 'µs/row',
      rows,
      reference: 'lines made and packed in plain Node',
      referenceValue: plain.cpuMsPerRow * 1_000,
    });
    report({
      figure: 'archive with number index',
      value: size.bytes / rows,
      unit: 'bytes/row',
      rows,
      reference: 'the same lines unpacked',
      referenceValue: plain.bytesPerRow,
    });
    report({
      figure: 'memory of workerd, sealed',
      value: (await peakMemory(pid)) / MIB,
      unit: 'MiB',
      rows,
      reference: 'filled only',
      referenceValue: filledMiB,
    });
  } finally {
    await platform.stop();
  }
}
