/** Ids that clients of the Vonage-compatible face see: one a part, as Vonage gives them. */
import type { MessageId } from '../ids';

/**
 * `message-id` of one part, in the answer to a send and later in its receipts. The first part's is the message's own id, so that a client
 * that knows one id finds its message in v1 as well.
 * @param part from 1
 */
export const vonageMessageId = (id: MessageId, part: number): string => (part === 1 ? id : `${id}-${part}`);
