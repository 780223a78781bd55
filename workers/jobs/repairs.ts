/**
 * Cron repairs, by name, each minute. Objects repair themselves by alarm; these look for what fell between them.
 * One that fails must not keep the others from running.
 */
import { expireExports, requeueStuckExports } from '../exports/repair';
import { requeueStuckImports } from '../keys/import-blacklist';
import type { Gateways } from '../gateways';
import { foldLateReceipts } from '../messages/fold-late-receipts';
import { finishInbound } from '../messages/inbound-repair';
import { CARRIER_TOTALS_LIFETIME_MS } from '../../schema/limits';
import { forgetCarrierTotals } from '../gateways/stores/health';
import { mergeNumberIndexes } from '../messages/merge-number-indexes';
import { forgetExpiredOperatorSessions } from '../gateways/stores/operators';
import { forgetExpiredSessions } from '../gateways/stores/sessions';
import { expireUploads } from '../tasks/expire-uploads';
import { watchTraffic } from '../tenancy/watch-traffic';
import { wakeTasks } from '../tasks/wake-tasks';

type Repair = (gateways: Gateways, now: number) => Promise<unknown>;

const REPAIRS: Readonly<Record<string, Repair>> = {
  'wake-tasks': wakeTasks,
  'requeue-stuck-exports': requeueStuckExports,
  'requeue-stuck-imports': requeueStuckImports,
  'expire-exports': expireExports,
  'expire-uploads': expireUploads,
  'finish-inbound': finishInbound,
  'watch-traffic': watchTraffic,
  'fold-late-receipts': foldLateReceipts,
  'forget-carrier-totals': ({ database }, now) => forgetCarrierTotals(database, now - CARRIER_TOTALS_LIFETIME_MS),
  'merge-number-indexes': mergeNumberIndexes,
  'forget-expired-sessions': ({ database }, now) => forgetExpiredSessions(database, now),
  'forget-expired-operator-sessions': ({ database }, now) => forgetExpiredOperatorSessions(database, now),
};

export async function runRepairs(gateways: Gateways, now: number): Promise<void> {
  for (const [name, repair] of Object.entries(REPAIRS)) {
    try {
      await repair(gateways, now);
    } catch (thrown) {
      console.error(JSON.stringify({ repair: name, failed: thrown instanceof Error ? thrown.name : typeof thrown }));
    }
  }
}
