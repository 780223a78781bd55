/** Vonage's answer to a send: HTTP 200 and one element of `messages[]` a part, every value text. */
import type { Order } from './check-order';
import type { Refusal } from '../rules/vonage-words';

const JSON_TYPE = { 'content-type': 'application/json' };

export interface SentPart {
  readonly messageId: string;
  /** Decimal text, after this part. */
  readonly balance: string;
}

/** By hand, because this is the hot path; only `client-ref` can hold what JSON must escape. */
export function acceptedElement({ to, clientRef }: Order, { messageId, balance }: SentPart, price: string, network: string): string {
  const ref = clientRef === null ? '' : `,"client-ref":${JSON.stringify(clientRef)}`;
  return `{"to":"${to}","message-id":"${messageId}","status":"0","remaining-balance":"${balance}","message-price":"${price}","network":"${network}"${ref}}`;
}

/** @param to null where the request did not get as far as a recipient */
export function refusedElement({ status, text }: Refusal, to: string | null, clientRef: string | null): string {
  return JSON.stringify({
    ...(to === null ? {} : { to }),
    status: String(status),
    'error-text': text,
    ...(clientRef === null ? {} : { 'client-ref': clientRef }),
  });
}

export const answerText = (elements: readonly string[]): string =>
  `{"message-count":"${elements.length}","messages":[${elements.join(',')}]}`;
export const jsonAnswer = (text: string, status = 200): Response => new Response(text, { status, headers: JSON_TYPE });

export const truncatedAnswer = (text: string): Response => jsonAnswer(text.slice(0, text.length >> 1));
export const htmlAnswer = (status: number, title: string): Response =>
  new Response(`<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`, {
    status,
    headers: { 'content-type': 'text/html' },
  });

/** A body that breaks before its first byte: workerd then closes the connection without having written a status line. */
export function lostAnswer(): Response {
  const broken = new ReadableStream({
    start(controller): void {
      controller.error(new Error('the answer is lost on purpose'));
    },
  });
  return new Response(broken, { headers: JSON_TYPE });
}
