/** Receipt queue: one call a shard a batch; a shard that fails brings back its own receipts only. */
import { ReceiptJob } from '../../schema/jobs';
import type { Gateways } from '../gateways';
import { applyReceipts, receiptsByShard } from '../messages/receipts';

export async function consumeReceipts(batch: MessageBatch<unknown>, gateways: Gateways): Promise<void> {
  const jobs: [Message<unknown>, ReceiptJob][] = [];
  const unreadable: Message<unknown>[] = [];
  for (const message of batch.messages) {
    const job = ReceiptJob.safeParse(message.body);
    if (job.success) jobs.push([message, job.data]);
    else unreadable.push(message);
  }
  const { groups, strays } = receiptsByShard(jobs);
  for (const message of [...strays, ...unreadable]) message.ack();
  if (strays.length + unreadable.length > 0) {
    console.error(JSON.stringify({ receipts: 'not ours', strays: strays.length, unreadable: unreadable.length }));
  }
  await Promise.all(
    groups.map(async ({ shard, receipts, sources }) => {
      try {
        await applyReceipts(gateways, shard, receipts);
        for (const message of sources) message.ack();
      } catch (thrown) {
        console.error(JSON.stringify({ receipts: 'shard', unexpected: thrown instanceof Error ? thrown.name : typeof thrown }));
        for (const message of sources) message.retry();
      }
    }),
  );
}
