/** HTTP requests over kept connections: as many as go with so many at once, or so many a second whatever becomes of them. */
import { Agent, request } from 'node:http';

export interface Post {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly expectedStatus: number;
}

export interface LoadResult {
  readonly perSecond: number;
  /** One a request: from when it was due to the end of its answer, so that waiting for its turn counts. */
  readonly latenciesMs: readonly number[];
}

/** @throws Error for an answer with another status than expected */
function send(agent: Agent, { url, headers, body, expectedStatus }: Post): Promise<void> {
  return new Promise((done, fail) => {
    const call = request(url, { agent, method: 'POST', headers: { ...headers, 'content-length': Buffer.byteLength(body) } }, (answer) => {
      answer.resume();
      answer.once('end', () => {
        if (answer.statusCode === expectedStatus) done();
        else fail(new Error(`${url} answered ${answer.statusCode}`));
      });
    });
    call.once('error', fail);
    call.end(body);
  });
}

async function withAgent<T>(connections: number, use: (agent: Agent) => Promise<T>): Promise<T> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  try {
    return await use(agent);
  } finally {
    agent.destroy();
  }
}

const resultOf = (latenciesMs: readonly number[], startedAt: number): LoadResult => ({
  perSecond: latenciesMs.length / ((performance.now() - startedAt) / 1_000),
  latenciesMs,
});

/** Closed loop: the next request goes out when one is answered. */
export function sendAll(posts: readonly Post[], atOnce: number): Promise<LoadResult> {
  return withAgent(atOnce, async (agent) => {
    const latenciesMs: number[] = [];
    const startedAt = performance.now();
    const waiting = posts.values();
    const lane = async (): Promise<void> => {
      for (const post of waiting) {
        const sentAt = performance.now();
        await send(agent, post);
        latenciesMs.push(performance.now() - sentAt);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, lane));
    return resultOf(latenciesMs, startedAt);
  });
}

const CONNECTIONS_MAX = 256;

/** Open loop: each request has its time. */
export function sendSteadily(posts: readonly Post[], perSecond: number): Promise<LoadResult> {
  return withAgent(CONNECTIONS_MAX, async (agent) => {
    const latenciesMs: number[] = [];
    const startedAt = performance.now();
    const one = async (post: Post, dueAt: number): Promise<void> => {
      await new Promise((due) => setTimeout(due, dueAt - performance.now()));
      await send(agent, post);
      latenciesMs.push(performance.now() - dueAt);
    };
    await Promise.all(posts.map((post, index) => one(post, startedAt + (index * 1_000) / perSecond)));
    return resultOf(latenciesMs, startedAt);
  });
}
