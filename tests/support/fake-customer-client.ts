/** One mailbox of a running fake customer; works in Node and inside workerd. */
import type { Reply, SeenRequest } from './fake-customer';

export interface FakeCustomer {
  /** What an endpoint is set to. */
  readonly url: string;
  /** The next answers; the last one goes on for ever. */
  answers(...replies: Reply[]): Promise<void>;
  /** Oldest first. */
  seen(): Promise<SeenRequest[]>;
}

let last = 0;

export function openMailbox(serverUrl: string): FakeCustomer {
  const name = `${Date.now().toString(36)}-${(last += 1)}-${Math.random().toString(36).slice(2)}`;
  return {
    url: `${serverUrl}/box/${name}`,
    answers: async (...replies) => {
      await (await fetch(`${serverUrl}/program/${name}`, { method: 'PUT', body: JSON.stringify(replies) })).text();
    },
    seen: async () => (await (await fetch(`${serverUrl}/seen/${name}`)).json()) as SeenRequest[],
  };
}
