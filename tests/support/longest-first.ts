/** Order of test files: what lasts longest begins first, so that no core waits for it at the end. Vitest knows how long only where it ran before. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Minutes each; the others last seconds. */
const LONG = [
  'tests/browser/pages.test.ts',
  'tests/journeys/kill.test.ts',
  'tests/journeys/carrier-trouble.test.ts',
  'tests/journeys/file-abuse.test.ts',
];

const placeOf = ({ moduleId }: TestSpecification): number => {
  const place = LONG.findIndex((file) => moduleId.endsWith(file));
  return place === -1 ? LONG.length : place;
};

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((one, other) => placeOf(one) - placeOf(other));
  }
}
