/** The programmable fake carrier of every test in Node: the simulator itself, in a workerd of its own on a free port. */
import { serveSimulator } from '../../workers/simulator/serve';
import type { ServeOptions } from '../../workers/simulator/serve';
import { connectFakeCarrier } from './fake-carrier-client';
import type { FakeCarrierClient } from './fake-carrier-client';

export interface FakeCarrier extends FakeCarrierClient {
  stop(): Promise<void>;
}

export async function startFakeCarrier(options: ServeOptions = {}): Promise<FakeCarrier> {
  const { url, stop } = await serveSimulator(options);
  return { ...connectFakeCarrier(url), stop };
}
