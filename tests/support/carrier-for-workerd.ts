/** One fake carrier for all tests inside workerd, reached over HTTP: `inject('carrierUrl')`. It owes no receipts unless a magic number asks. */
import type { TestProject } from 'vitest/node';
import { startFakeCarrier } from './fake-carrier';

declare module 'vitest' {
  interface ProvidedContext {
    carrierUrl: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const carrier = await startFakeCarrier();
  await carrier.control({ outcomes: { missing: 1 }, receiptRetryScale: 0 });
  project.provide('carrierUrl', carrier.url);
  return () => carrier.stop();
}
