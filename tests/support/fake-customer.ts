/**
 * A customer's server that does what a test says, over real HTTP. It holds any number of mailboxes, each with a path of its own; it is
 * programmed and read over HTTP as well, so tests inside workerd drive it like those in Node.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** How the next request is answered; the last one goes on for ever. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly delayMs?: number;
  /** No answer at all: the connection breaks. */
  readonly breaks?: boolean;
  /** Headers and a first byte, then silence. */
  readonly hangs?: boolean;
}

export interface SeenRequest {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Mailbox {
  replies: Reply[];
  readonly seen: SeenRequest[];
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

const sleep = (durationMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, durationMs));

async function answer(response: ServerResponse, reply: Reply): Promise<void> {
  if (reply.delayMs !== undefined) await sleep(reply.delayMs);
  if (reply.breaks) {
    response.destroy();
    return;
  }
  response.writeHead(reply.status ?? 200, reply.headers ?? {});
  if (reply.hangs) {
    response.write('.');
    return;
  }
  response.end(reply.body ?? '');
}

export interface RunningCustomer {
  readonly url: string;
  stop(): Promise<void>;
}

/** `/box/NAME…` is the customer; `PUT /program/NAME` sets its replies, `GET /seen/NAME` tells what came. */
export async function serveCustomer(port = 0): Promise<RunningCustomer> {
  const boxes = new Map<string, Mailbox>();
  const boxOf = (name: string): Mailbox => {
    let box = boxes.get(name);
    if (!box) boxes.set(name, (box = { replies: [], seen: [] }));
    return box;
  };
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? '/';
    const [, area = '', name = ''] = path.split(/[/?]/);
    const box = boxOf(name);
    const body = await bodyOf(request);
    if (area === 'program') {
      box.replies = JSON.parse(body) as Reply[];
      response.end('{}');
    } else if (area === 'seen') {
      response.end(JSON.stringify(box.seen));
    } else {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([header, value]) => [header, String(value)]));
      box.seen.push({ at: Date.now(), method: request.method ?? '', path, headers, body });
      await answer(response, (box.replies.length > 1 ? box.replies.shift() : box.replies[0]) ?? {});
    }
  };
  const server: Server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the fake customer has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
