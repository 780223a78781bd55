/**
 * `npm run bench:fill -- --rows 10000000`: a platform full of a year's messages. Fills the demo's tenant in the state folder (JMC_STATE, else
 * .jmc), through real shards that seal themselves; `npm start` on the same folder then shows it.
 */
import '../scripts/platform/quiet';
import { parseArgs } from 'node:util';
import { startLocalPlatform } from '../scripts/platform/local-platform';
import { readSettings } from '../scripts/platform/settings';
import type { KeyId } from '../schema/ids';
import { fillPast, untilSealed } from './past/fill-past';

const { values } = parseArgs({ options: { rows: { type: 'string', default: '1000000' } } });
const rows = Number(values.rows);
if (!Number.isInteger(rows) || rows < 1) throw new Error(`--rows must be a whole number, not "${values.rows}"`);

const startedAt = Date.now();
const platform = await startLocalPlatform({ ...readSettings(), sealAfterMs: '0' });
try {
  const { url, keys } = platform.line.demo;
  const keyOf = (kind: string): KeyId => {
    const key = keys.find((one) => one.kind === kind && !one.test);
    if (!key) throw new Error(`the demo has no ${kind} key`);
    return key.baseKey as KeyId;
  };
  const progress = (done: number): void =>
    console.log(JSON.stringify({ rows: done, of: rows, seconds: Math.round((Date.now() - startedAt) / 1_000) }));
  await fillPast({
    url,
    rows,
    marketing: keyOf('marketing'),
    transactional: keyOf('transactional'),
    untilAt: Date.now(),
    seals: true,
    progress,
  });
  await untilSealed(url);
  console.log(JSON.stringify({ filled: rows, seconds: Math.round((Date.now() - startedAt) / 1_000) }));
} finally {
  await platform.stop();
}
