/** One fake customer's server for all tests inside workerd, reached over HTTP: `inject('customerUrl')`. */
import type { TestProject } from 'vitest/node';
import { serveCustomer } from './fake-customer';

declare module 'vitest' {
  interface ProvidedContext {
    customerUrl: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const customer = await serveCustomer();
  project.provide('customerUrl', customer.url);
  return () => customer.stop();
}
