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
  const left: SendJob[] = [];
  await sendChunks(gateways, [...messages.keys()], (job, end) => {
    const message = messages.get(job);
    if (end === 'done') message?.ack();
    else if (end === 'again') message?.retry();
    else left.push(job);
  });
  if (left.length === 0) return;
  // As new messages: a retry is for what went wrong, and there are few of them.
  await gateways.queues.send(batch.queue.startsWith('jmc-send-transactional') ? 'transactional' : 'marketing', left);
  for (const job of left) messages.get(job)?.ack();
}
