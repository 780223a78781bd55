/** What checking costs without a platform: libphonenumber-js/max over the rows of the same file in plain Node, one thread. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { cpuTime } from '../process';

export interface PhoneLoopResult {
  readonly rows: number;
  readonly valid: number;
  readonly rowsPerSecond: number;
  readonly cpuMs: number;
}

export async function checkInLoop(path: string): Promise<PhoneLoopResult> {
  const startedAt = performance.now();
  const cpuBefore = await cpuTime(process.pid);
  const countries = new Map<string, number>();
  let rows = -1; // the header
  let valid = 0;
  for await (const line of createInterface({ input: createReadStream(path) })) {
    rows += 1;
    const comma = line.indexOf(',');
    const phone = parsePhoneNumberFromString(comma < 0 ? line : line.slice(0, comma));
    if (!phone?.isValid()) continue;
    valid += 1;
    const country = phone.country ?? '';
    countries.set(country, (countries.get(country) ?? 0) + 1);
  }
  const rowsPerSecond = rows / ((performance.now() - startedAt) / 1_000);
  return { rows, valid, rowsPerSecond, cpuMs: (await cpuTime(process.pid)) - cpuBefore };
}
