import { expect, it } from 'vitest';
import { SESSION_LIFETIME_MS } from '../../schema/limits';
import { findSession } from '../../workers/gateways/stores/sessions';
import { runRepairs } from '../../workers/jobs/repairs';
import { makeWorld } from '../support/world';

it('forgets sessions that are over and keeps the others', async () => {
  const { gateways, actor } = await makeWorld();
  const now = Date.now();
  const found = () => findSession(gateways.database, actor.session, actor.user, now);
  await runRepairs(gateways, now);
  expect(await found()).not.toBeNull();
  await runRepairs(gateways, now + SESSION_LIFETIME_MS + 1);
  expect(await found()).toBeNull();
});
