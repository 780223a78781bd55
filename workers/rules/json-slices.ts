/** Lists that are bound to a statement as one JSON text, cut where a bound value would be too long. */
export interface JsonSlice {
  /** Place of its first value in the whole list. */
  readonly first: number;
  readonly json: string;
}

/** Most lists fit into one: only those that do not are halved until they do. A single value is never cut. @param charactersMax of each text */
export function jsonSlices(values: readonly unknown[], charactersMax: number, first = 0): readonly JsonSlice[] {
  if (values.length === 0) return [];
  const json = JSON.stringify(values);
  if (json.length <= charactersMax || values.length === 1) return [{ first, json }];
  const half = values.length >> 1;
  return [...jsonSlices(values.slice(0, half), charactersMax, first), ...jsonSlices(values.slice(half), charactersMax, first + half)];
}
