/**
 * Cron repairs, by name, each minute. Objects repair themselves by alarm; these look for what fell between them.
 * One that fails must not keep the others from running.
 */
import type { Gateways } from '../gateways';

type Repair = (gateways: Gateways, now: number) => Promise<void>;

const REPAIRS: Readonly<Record<string, Repair>> = {};

export async function runRepairs(gateways: Gateways, now: number): Promise<void> {
  for (const [name, repair] of Object.entries(REPAIRS)) {
    try {
      await repair(gateways, now);
    } catch (thrown) {
      console.error(JSON.stringify({ repair: name, failed: thrown instanceof Error ? thrown.name : typeof thrown }));
    }
  }
}
