/**
 * The demo's file of numbers: real-looking recipients in ten countries with what real lists hold as well: numbers that
 * don't exist, repeats, and numbers on the demo key's blacklist. The same count gives the same file.
 */
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';

/** Calling code + prefix + how many digits follow; every number made of it is valid in its numbering plan. */
const PLANS = [
  { prefix: '62812', digits: 8 },
  { prefix: '55119', digits: 8, first: '6789' },
  { prefix: '658', digits: 7, first: '1234' },
  { prefix: '8529', digits: 7, first: '0123' },
  { prefix: '86138', digits: 8 },
  { prefix: '447400', digits: 6 },
  { prefix: '4915112', digits: 6 },
  { prefix: '336123', digits: 5 },
  { prefix: '9198765', digits: 5 },
  { prefix: '6591', digits: 6 },
] as const;

/** On the demo key's blacklist (workers/tenancy/seed-demo.ts). */
const BLACKLISTED = ['+8613800138000', '+6591234567', '+447400123456'] as const;
const BAD = ['12', '+999123456789', 'not a number', '8.61380E+12', '+44123'] as const;

/** One row in this many is … */
const EVERY = { bad: 97, duplicate: 61, blacklisted: 499 } as const;

/** Fixed order from a fixed seed: a linear congruential generator (Numerical Recipes). */
function* sequence(seed: number): Generator<number, never> {
  let state = seed;
  for (;;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state;
  }
}

function recipient(index: number, noise: number): string {
  const plan = PLANS[index % PLANS.length] ?? PLANS[0];
  const serial = Math.floor(index / PLANS.length);
  let tail = String(serial).padStart(plan.digits, '0').slice(-plan.digits);
  if ('first' in plan) tail = plan.first[noise % plan.first.length] + tail.slice(1);
  return `+${plan.prefix}${tail}`;
}

/** Writes `rows` rows under a header (`number,name,code`); returns the bytes written. */
export async function writeRecipients(path: string, rows: number): Promise<void> {
  const out = createWriteStream(path);
  out.write('number,name,code\n');
  const noise = sequence(20_210_701);
  let block = '';
  let previous = '';
  for (let row = 0; row < rows; row += 1) {
    const random = noise.next().value;
    let number = recipient(row, random);
    if (row % EVERY.bad === EVERY.bad - 1) number = BAD[row % BAD.length] ?? number;
    else if (row % EVERY.duplicate === EVERY.duplicate - 1 && previous) number = previous;
    else if (row % EVERY.blacklisted === EVERY.blacklisted - 1) number = BLACKLISTED[row % BLACKLISTED.length] ?? number;
    else previous = number;
    block += `${number},Customer ${row + 1},${String(random % 1_000_000).padStart(6, '0')}\n`;
    if (block.length > 1 << 18) {
      if (!out.write(block)) await once(out, 'drain');
      block = '';
    }
  }
  out.end(block);
  await finished(out);
}
