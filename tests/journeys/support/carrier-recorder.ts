/**
 * Stands between the platform and the carrier and writes down every client-ref that went by: the simulator itself only counts them. It lives in
 * the test's process, so it outlives the platform.
 */
import { Agent, createServer, request as callCarrier, type IncomingMessage, type Server } from 'node:http';
import { buffer } from 'node:stream/consumers';

export interface CarrierRecorder {
  /** What VONAGE_REST_HOST is set to. */
  readonly url: string;
  /** Requests by client-ref, whatever came of them. */
  readonly asked: ReadonlyMap<string, number>;
  /** Client-refs that the carrier took, with the recipient of each. */
  readonly taken: ReadonlyMap<string, string>;
  stop(): Promise<void>;
}

interface SmsBody {
  readonly 'client-ref'?: string;
  readonly to?: string;
}
interface SmsAnswer {
  readonly messages?: readonly { readonly status?: string }[];
}

export async function startCarrierRecorder(carrierUrl: string): Promise<CarrierRecorder> {
  const asked = new Map<string, number>();
  const taken = new Map<string, string>();
  const agent = new Agent({ keepAlive: true });

  const forward = async (incoming: IncomingMessage): Promise<{ status: number; body: Buffer }> => {
    const body = await buffer(incoming);
    const { 'client-ref': ref = '', to = '' } = JSON.parse(body.toString('utf8')) as SmsBody;
    asked.set(ref, (asked.get(ref) ?? 0) + 1);
    const headers = { ...incoming.headers, 'content-length': String(body.byteLength) };
    const answer = await new Promise<IncomingMessage>((done, fail) => {
      callCarrier(`${carrierUrl}${incoming.url ?? ''}`, { method: incoming.method, headers, agent }, done)
        .on('error', fail)
        .end(body);
    });
    const answered = await buffer(answer);
    const { messages } = JSON.parse(answered.toString('utf8')) as SmsAnswer;
    if (messages?.[0]?.status === '0') taken.set(ref, to);
    return { status: answer.statusCode ?? 502, body: answered };
  };

  const server: Server = createServer((incoming, outgoing) => {
    forward(incoming).then(
      ({ status, body }) => outgoing.writeHead(status, { 'content-type': 'application/json' }).end(body),
      () => outgoing.destroy(),
    );
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the recorder has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    asked,
    taken,
    stop: async () => {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
