/**
 * Counts what Cloudflare bills, as the code does it: the benchmark reads the figures per million messages from here.
 * Module memory: one isolate, one count; good for a local run, not for a fleet.
 */
export interface Meter {
  queueWrites: number;
  queueReads: number;
  objectRequests: number;
  objectRowsRead: number;
  objectRowsWritten: number;
  r2Writes: number;
  r2Reads: number;
  databaseRowsRead: number;
  databaseRowsWritten: number;
}

const zero = (): Meter => ({
  queueWrites: 0,
  queueReads: 0,
  objectRequests: 0,
  objectRowsRead: 0,
  objectRowsWritten: 0,
  r2Writes: 0,
  r2Reads: 0,
  databaseRowsRead: 0,
  databaseRowsWritten: 0,
});

const current: Meter = zero();

export const readMeter = (): Meter => ({ ...current });
export const resetMeter = (): void => {
  Object.assign(current, zero());
};
export function count(name: keyof Meter, by = 1): void {
  current[name] += by;
}
