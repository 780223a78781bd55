/** Queue jmc-checks: the steps of a task's check, and of files for blacklists. A file that cannot be read refuses its task; anything else is tried again. */
import { z } from 'zod';
import { AppError } from '../../schema/errors';
import { BlacklistImportJob, CheckJob } from '../../schema/jobs';
import type { Gateways } from '../gateways';
import { runImportStep } from '../keys/import-step';
import { checkRange } from '../tasks/check-range';
import { splitFile } from '../tasks/split-file';
import { unpackFile } from '../tasks/unpack-file';

const Job = z.union([CheckJob, BlacklistImportJob]);

export async function consumeChecks(batch: MessageBatch<unknown>, gateways: Gateways): Promise<void> {
  for (const message of batch.messages) {
    const job = Job.safeParse(message.body);
    // A body of another version can never succeed; the task's alarm, or a repair, queues the step anew.
    if (job.success) await (job.data.step === 'blacklist' ? runImportStep(gateways, job.data) : runStep(gateways, job.data));
    message.ack();
  }
}

async function runStep(gateways: Gateways, job: CheckJob): Promise<void> {
  try {
    if (job.step === 'unpack') await unpackFile(gateways, job);
    else if (job.step === 'split') await splitFile(gateways, job);
    else await checkRange(gateways, job);
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    await gateways.objects.taskRun(job.task).refuse(job.revision, thrown.code, thrown.details);
  }
}
