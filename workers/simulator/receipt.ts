/** What the simulator keeps of a message that it has taken, a receipt that it owes for it, and the parameters of that receipt. */
import type { Account } from './knobs';
import type { ReceiptStatus } from '../rules/vonage-words';

export interface AcceptedMessage {
  readonly to: string;
  readonly from: string;
  readonly clientRef: string | null;
  readonly network: string;
  /** Decimal text in EUR, 8 places: what one part costs. */
  readonly price: string;
  readonly account: Account;
  readonly receiptUrl: string;
}

export interface OwedReceipt {
  readonly message: AcceptedMessage;
  readonly messageId: string;
  readonly status: ReceiptStatus;
  readonly errCode: number;
  readonly wrongSignature: boolean;
  /** Tries that have failed. */
  failures: number;
}

/** Every value is text, also in JSON. `message-timestamp` and the signature are added when it is sent. */
export function receiptParameters({ message, messageId, status, errCode }: OwedReceipt): Record<string, string> {
  const parameters: Record<string, string> = {
    msisdn: message.to,
    to: message.from,
    'network-code': message.network,
    messageId,
    price: message.price,
    status,
    scts: minuteText(Date.now()),
    'err-code': String(errCode),
    'api-key': message.account.apiKey,
  };
  if (message.clientRef !== null) parameters['client-ref'] = message.clientRef;
  return parameters;
}

let textMinute = 0;
let textOfMinute = '';
/** `YYMMDDHHMM` UTC, made once a minute. */
function minuteText(now: number): string {
  const minute = Math.floor(now / 60_000);
  if (minute !== textMinute) {
    textMinute = minute;
    textOfMinute = new Date(now).toISOString().slice(2, 16).replace(/[-T:]/g, '');
  }
  return textOfMinute;
}
