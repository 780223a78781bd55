/** What webhooks say: `{type, timestamp, data}` as Standard Webhooks recommend, with the fields of the API. */
import type { LogRow } from '../../schema/protocol/message-shard';
import type { LaneEvent } from '../../schema/protocol/webhook-lane';
import type { InboundView } from '../../schema/webhooks';
import { messageView } from './message-view';

const bodyOf = (type: string, at: number, data: object): string => JSON.stringify({ type, timestamp: new Date(at).toISOString(), data });

/** Errors are said in English: whoever reads them here is a program, which goes by their code. */
export const receiptEvent = (row: LogRow): LaneEvent => [
  `${row.id} ${row.state}`,
  'receipt',
  bodyOf('receipt', row.finalAt ?? row.receivedAt, messageView(row, 'en')),
];

export const inboundEvent = ({ id, from, to, text, parts, complete, optOut, receivedAt }: InboundView): LaneEvent => [
  `inbound ${id}`,
  'inbound',
  bodyOf('inbound', receivedAt, {
    id,
    from: `+${from}`,
    to,
    text,
    parts,
    complete,
    opt_out: optOut,
    received_at: new Date(receivedAt).toISOString(),
  }),
];

/** @param id unique for each test */
export const testEvent = (id: string, endpoint: string, now: number): LaneEvent => [
  `test ${id}`,
  'test',
  bodyOf('test', now, { endpoint }),
];
