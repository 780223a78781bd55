/** A webhook of ours as "Vonage" sees it: keeps what comes and answers what it is told to. */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';

interface ReceivedWebhook {
  readonly method: string;
  readonly path: string;
  readonly contentType: string | undefined;
  readonly fields: Record<string, string>;
  readonly at: number;
}

export interface WebhookReceiver {
  readonly url: string;
  readonly received: ReceivedWebhook[];
  /** How the next calls are answered; the default is an empty 200. */
  answer: (response: ServerResponse, call: ReceivedWebhook) => void;
  /** Resolves when this many calls have come. @throws after `timeoutMs` */
  waitFor(count: number, timeoutMs?: number): Promise<ReceivedWebhook[]>;
  clear(): void;
  stop(): Promise<void>;
}

const plainAnswer = (response: ServerResponse): void => {
  response.end();
};

async function read(request: IncomingMessage): Promise<ReceivedWebhook> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString('utf8');
  const url = new URL(request.url ?? '/', 'http://receiver');
  const contentType = request.headers['content-type'];
  const written =
    contentType === 'application/json' ? (JSON.parse(body) as Record<string, string>) : Object.fromEntries(new URLSearchParams(body));
  return {
    method: request.method ?? '',
    path: url.pathname,
    contentType,
    fields: { ...Object.fromEntries(url.searchParams), ...written },
    at: Date.now(),
  };
}

/** @param wantedPort 0: any free one */
export async function startReceiver(wantedPort = 0): Promise<WebhookReceiver> {
  const received: ReceivedWebhook[] = [];
  const server = createServer((request, response) => {
    void read(request).then((call) => {
      received.push(call);
      return receiver.answer(response, call);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(wantedPort, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const receiver: WebhookReceiver = {
    url: `http://127.0.0.1:${port}/webhook`,
    received,
    answer: plainAnswer,
    waitFor: async (count, timeoutMs = 10_000) => {
      const givenUpAt = Date.now() + timeoutMs;
      while (received.length < count) {
        if (Date.now() > givenUpAt) throw new Error(`${received.length} of ${count} webhooks came within ${timeoutMs} ms`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      return received;
    },
    clear: () => {
      received.length = 0;
      receiver.answer = plainAnswer;
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return receiver;
}
