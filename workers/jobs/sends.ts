/** Send queues: a batch of chunks, six connections for all of them. */
import { SendJob } from '../../schema/jobs';
import type { Gateways } from '../gateways';
import { sendChunks } from '../messages/send';

export async function consumeSends(batch: MessageBatch<unknown>, gateways: Gateways): Promise<void> {
  const messages = new Map<SendJob, Message<unknown>>();
  for (const message of batch.messages) {
    const job = SendJob.safeParse(message.body);
    // Of another deployment: the shard releases its rows again.
    if (job.success) messages.set(job.data, message);
    else message.ack();
  }
  await sendChunks(gateways, [...messages.keys()], (job, well) => {
    const message = messages.get(job);
    if (well) message?.ack();
    else message?.retry();
  });
}
