/** A client of the API inside workerd: one key, and what it says and hears. */
import { request, type World } from './world';

type WorldKey = World['marketing'];

export interface ApiReply<Body = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface ApiClient {
  call<Body = Record<string, unknown>>(
    method: string,
    path: string,
    json?: unknown,
    headers?: Record<string, string>,
  ): Promise<ApiReply<Body>>;
}

export const bearer = ({ id, secret }: WorldKey): string => `Bearer ${id}:${secret}`;

export const apiClient = (key: WorldKey): ApiClient => ({
  async call<Body>(method: string, path: string, json?: unknown, headers: Record<string, string> = {}): Promise<ApiReply<Body>> {
    const answer = await request(path, {
      method,
      headers: { authorization: bearer(key), 'accept-language': 'en', ...headers },
      ...(json !== undefined && { json }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: (text === '' ? null : JSON.parse(text)) as Body };
  },
});

/** What the tenant could spend now, micro-EUR. */
export const availableMicros = async ({ gateways, tenant }: World): Promise<number> =>
  (await gateways.objects.ledger(tenant).balance()).availableMicros;
