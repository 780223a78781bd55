import { describe, expect, it } from 'vitest';
import { Gathering } from '../../durable-objects/kit/gathering';

/** Doubles the items of a run; 13 breaks the run that holds it. */
function doubling() {
  const runs: (readonly number[])[] = [];
  const gathering = new Gathering(async (items: readonly number[]) => {
    runs.push(items);
    if (items.includes(13)) throw new Error('unlucky');
    return items.map((item) => item * 2);
  });
  return { runs, gathering };
}

describe('calls of one moment', () => {
  it('share one run and its answer', async () => {
    const { runs, gathering } = doubling();
    const answers = await Promise.all([gathering.add([1, 2]), gathering.add([3])]);
    expect(runs).toEqual([[1, 2, 3]]);
    expect(answers).toEqual([
      [2, 4, 6],
      [2, 4, 6],
    ]);
  });

  it('leave those that come later a run of their own', async () => {
    const { runs, gathering } = doubling();
    await gathering.add([1]);
    await gathering.add([2]);
    expect(runs).toEqual([[1], [2]]);
  });

  it('fail only for those whose own items fail', async () => {
    const { gathering } = doubling();
    const [good, bad] = await Promise.allSettled([gathering.add([1]), gathering.add([13])]);
    expect(good).toEqual({ status: 'fulfilled', value: [2] });
    expect(bad?.status).toBe('rejected');
  });
});
