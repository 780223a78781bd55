/** A csv on this machine as rows of cells, some megabytes in memory at a time; UTF-8 (with or without a byte order mark) or GB18030. */
import { open } from 'node:fs/promises';
import { parseCsv } from '../../workers/rules/csv';
import { finishLineScan, scanLines, startLineScan, type LineRange } from '../../workers/rules/line-ranges';
import { decodeStrict, detectEncoding } from '../../workers/rules/text-encoding';

const WINDOW_BYTES = 4 * 1024 * 1024;
const HEAD_BYTES = 64 * 1024;

export async function* rowsOfCsv(path: string): AsyncGenerator<readonly string[]> {
  const file = await open(path);
  try {
    const bytes = async (start: number, length: number): Promise<Uint8Array> => {
      const { bytesRead, buffer } = await file.read(new Uint8Array(length), 0, length, start);
      return buffer.subarray(0, bytesRead);
    };
    const { encoding, bomLength } = detectEncoding(await bytes(0, HEAD_BYTES));
    if (encoding.startsWith('utf-16')) throw new Error(`${path} is in ${encoding}: save it as UTF-8`);
    const rowsIn = async ({ start, end }: LineRange): Promise<string[][]> => {
      const decoded = decodeStrict(await bytes(start, end - start), encoding);
      if (!decoded) throw new Error(`${path} is text in neither UTF-8 nor GB18030`);
      return parseCsv(decoded.text, ',');
    };
    let scan = startLineScan(',', { start: bomLength });
    for (let window = await bytes(bomLength, WINDOW_BYTES); window.length > 0; window = await bytes(scan.position, WINDOW_BYTES)) {
      const scanned = scanLines(scan, window);
      if (!scanned.ok) throw new Error(`${path}: line ${scanned.line} is too long: a quote that is never closed?`);
      ({ scan } = scanned);
      for (const range of scanned.ranges) yield* await rowsIn(range);
    }
    for (const range of finishLineScan(scan).ranges) yield* await rowsIn(range);
  } finally {
    await file.close();
  }
}
