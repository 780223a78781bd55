/** Export jobs: one step of one export each. */
import { ExportJob } from '../../schema/jobs';
import { EXPORT_LEASE_MS } from '../exports/held-export';
import { runExportStep } from '../exports/step';
import type { Gateways } from '../gateways';

/** A held export is looked at again so often, in case its holder has died; then the repair of stuck exports looks after it. */
const BUSY_ATTEMPTS = 3;
const RETRY_SECONDS = 5;

export async function consumeExports(batch: MessageBatch<unknown>, gateways: Gateways): Promise<void> {
  for (const message of batch.messages) {
    const outcome = await runExportStep(gateways, ExportJob.parse(message.body));
    if (outcome === 'try_again') message.retry({ delaySeconds: RETRY_SECONDS * message.attempts });
    else if (outcome === 'busy' && message.attempts < BUSY_ATTEMPTS)
      message.retry({ delaySeconds: Math.ceil(EXPORT_LEASE_MS / 1_000) + 1 });
    else message.ack();
  }
}
