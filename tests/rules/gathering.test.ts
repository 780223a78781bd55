import { describe, expect, it } from 'vitest';
import { Gathering } from '../../durable-objects/kit/gathering';

/** Doubles each call; 13 breaks the run that holds it. */
function doubling(after: () => Promise<void> = async () => {}) {
  const runs: (readonly number[])[] = [];
  const gathering = new Gathering((calls: readonly number[]) => {
    runs.push([...calls]);
    if (calls.includes(13)) throw new Error('unlucky');
    return calls.map((call) => call * 2);
  }, after);
  return { runs, gathering };
}

describe('calls of one moment', () => {
  it('share one run, and each has its own answer', async () => {
    const { runs, gathering } = doubling();
    const answers = await Promise.all([1, 2, 3].map((call) => gathering.add(call)));
    expect(runs).toEqual([[1, 2, 3]]);
    expect(answers).toEqual([2, 4, 6]);
  });

  it('leave those that come later a run of their own', async () => {
    const { runs, gathering } = doubling();
    await gathering.add(1);
    await gathering.add(2);
    expect(runs).toEqual([[1], [2]]);
  });

  it('fail only for those whose own call fails', async () => {
    const { gathering } = doubling();
    const [good, bad] = await Promise.allSettled([gathering.add(1), gathering.add(13)]);
    expect(good).toEqual({ status: 'fulfilled', value: 2 });
    expect(bad?.status).toBe('rejected');
  });

  it('are not run again when only what comes after the run fails', async () => {
    const { runs, gathering } = doubling(async () => {
      throw new Error('too late');
    });
    const answers = await Promise.allSettled([gathering.add(1), gathering.add(2)]);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(runs).toEqual([[1, 2]]);
  });
});
