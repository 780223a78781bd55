/** Queue messages that no consumer could finish: kept for operators. Their bodies hold ids and codes only. */
import type { Gateways } from '../gateways';
import { addDeadLetters } from '../gateways/stores/dead-letters';

export async function consumeDeadLetters(batch: MessageBatch<unknown>, { database }: Gateways): Promise<void> {
  await addDeadLetters(
    database,
    batch.messages.map(({ body }) => JSON.stringify(body)),
    Date.now(),
  );
  console.error(JSON.stringify({ deadLetters: batch.messages.length }));
  batch.ackAll();
}
