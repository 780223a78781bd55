/** What Cloudflare would bill for a million messages, stage by stage, as the code counts it. */
import type { Meter } from '../workers/gateways/meter';
import { checkFile, exportLog, meterBetween, readMeter, withPlatform } from './bench-platform';
import type { Report } from './figure';
import { withRecipients } from './recipient-file';
import { sendTask } from './send';

const ROWS = 50_000;
const MILLION = 1_000_000;

/** Sending and its receipts go on at the same time: they are one stage. */
const STAGES = ['check', 'send and receipts', 'export'] as const;

export async function measureOperations(report: Report, rows = ROWS): Promise<void> {
  await withRecipients(rows, async (path) =>
    withPlatform(async (platform) => {
      const readings: Meter[] = [await readMeter(platform)];
      const { id, view: checked } = await checkFile(platform, path);
      readings.push(await readMeter(platform));
      await sendTask(platform, checked);
      readings.push(await readMeter(platform));
      await exportLog(platform, id);
      readings.push(await readMeter(platform));
      const messages = checked.check.totals.valid;
      const [first] = readings;
      const last = readings.at(-1);
      if (!first || !last) return;
      const tell = (stage: string, counted: Meter): void => {
        for (const [name, value] of Object.entries(counted) as [keyof Meter, number][])
          report({
            figure: `operations, ${stage}: ${name}`,
            value: (value / messages) * MILLION,
            unit: 'a million messages',
            rows: messages,
          });
      };
      STAGES.forEach((stage, index) => {
        const before = readings[index];
        const after = readings[index + 1];
        if (before && after) tell(stage, meterBetween(before, after));
      });
      tell('in all', meterBetween(first, last));
    }),
  );
}
