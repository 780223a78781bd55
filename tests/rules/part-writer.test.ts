import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PartWriter, type StoredPart } from '../../workers/exports/part-writer';

const PART = 64;
const line = (row: number): Uint8Array => new TextEncoder().encode(`${'x'.repeat(row % 7)}${row};`);

/** Parts as R2 keeps them: by number, the last one stored under a number counts. */
class MemoryParts {
  readonly parts = new Map<number, string>();
  checkpoint: StoredPart<number> | null = null;
  underWay = 0;
  crashAfterStores = Infinity;

  readonly sink = {
    store: async (number: number, bytes: Uint8Array): Promise<string> => {
      this.underWay += 1;
      if (this.underWay !== 1) throw new Error('two parts at once');
      // R2 reads the buffer while the upload goes on: it must not change meanwhile.
      const before = new TextDecoder().decode(bytes);
      await new Promise((resolve) => setTimeout(resolve, 0));
      if (new TextDecoder().decode(bytes) !== before) throw new Error('the buffer changed while it was uploaded');
      this.parts.set(number, before);
      this.underWay -= 1;
      this.crashAfterStores -= 1;
      if (this.crashAfterStores < 0) throw new Error('crash');
      return `etag ${number}`;
    },
    stored: async (part: StoredPart<number>): Promise<void> => {
      this.checkpoint = { ...part, etags: [...part.etags] };
    },
  };

  joined(last: string): string {
    return (
      [...this.parts]
        .toSorted(([a], [b]) => a - b)
        .map(([, text]) => text)
        .join('') + last
    );
  }
}

async function writeFrom(parts: MemoryParts, rows: number, batch: number): Promise<string> {
  const from = parts.checkpoint;
  const writer = new PartWriter<number>(parts.sink, PART, from?.etags ?? [], from?.carry ?? new Uint8Array());
  for (let row = from?.place ?? 0; row < rows; row += batch) {
    const until = Math.min(rows, row + batch);
    const lines = Array.from({ length: until - row }, (_, index) => line(row + index));
    await writer.write(Buffer.concat(lines), until);
  }
  const { carry } = await writer.settle();
  return new TextDecoder().decode(carry);
}

const expected = (rows: number): string => Array.from({ length: rows }, (_, row) => new TextDecoder().decode(line(row))).join('');

describe('parts of an export', () => {
  it('are all of one size and hold exactly the lines written', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 120 }), fc.integer({ min: 1, max: 30 }), async (rows, batch) => {
        const parts = new MemoryParts();
        const last = await writeFrom(parts, rows, batch);
        expect(parts.joined(last)).toBe(expected(rows));
        for (const part of parts.parts.values()) expect(part).toHaveLength(PART);
        expect(last.length).toBeLessThan(PART);
      }),
      { numRuns: 60 },
    );
  });

  it('are the same when every step crashes after a part was stored and before that was written down', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 120 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 4 }),
        async (rows, batch, every) => {
          const parts = new MemoryParts();
          let last: string | null = null;
          for (let step = 0; step < 200 && last === null; step += 1) {
            parts.crashAfterStores = every;
            last = await writeFrom(parts, rows, batch).catch(() => null);
            parts.underWay = 0;
          }
          expect(last).not.toBeNull();
          expect(parts.joined(last ?? '')).toBe(expected(rows));
        },
      ),
      { numRuns: 60 },
    );
  });
});
