import { exports } from 'cloudflare:workers';
import { expect, it } from 'vitest';

const worker = (exports as unknown as { default: Fetcher }).default;

it('answers the health check', async () => {
  const answer = await worker.fetch('http://jmc.test/healthz');
  expect(await answer.json()).toEqual({ ok: true });
});

it('answers an unknown route with a problem document, in the language asked for', async () => {
  const answer = await worker.fetch('http://jmc.test/api/nothing-here', { headers: { 'accept-language': 'en' } });
  expect(answer.status).toBe(404);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(await answer.json()).toMatchObject({ status: 404, code: 'not_found', title: 'Not found' });
});
