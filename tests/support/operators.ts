/** An operator of its own for a test, signed in. Inside workerd. */
import { newOperatorId, newSessionId, type OperatorId } from '../../schema/ids';
import { SESSION_LIFETIME_MS } from '../../schema/limits';
import type { Operator } from '../../schema/operators';
import { addOperator, startOperatorSession } from '../../workers/gateways/stores/operators';
import { operatorCookie } from '../../workers/operators/session-cookie';
import { hashPassword } from '../../workers/tenancy/passwords';
import { PASSWORD, request, worldGateways } from './world';

export interface TestOperator {
  readonly id: OperatorId;
  readonly email: string;
  readonly actor: Operator;
  /** `Cookie` header of a live session. */
  readonly cookie: string;
  /** POST /api/operators/<call>; the answer as it comes. */
  act(call: string, input?: unknown): Promise<Response>;
  /** GET /api/operators/<call>?… */
  read(call: string, input?: Readonly<Record<string, string>>): Promise<Response>;
}

/** Scrypt is slow by design: one hash does for every operator of a test file. */
let passwordHash: Promise<string> | undefined;

export async function makeOperator({ mustChangePassword = false } = {}): Promise<TestOperator> {
  const gateways = worldGateways();
  const now = Date.now();
  const id = newOperatorId();
  const session = newSessionId();
  const email = `${id.toLowerCase()}@service.example`;
  const profile = { name: 'Test Operator', email, timeZone: 'Asia/Shanghai', mustChangePassword };
  passwordHash ??= hashPassword(PASSWORD);
  await addOperator(gateways.database, { ...profile, id, passwordHash: await passwordHash, locale: 'en', createdAt: now });
  const expiresAt = now + SESSION_LIFETIME_MS;
  await startOperatorSession(gateways.database, { id: session, operatorId: id, createdAt: now, expiresAt, address: '', userAgent: '' });
  const cookie = (await operatorCookie(gateways, session, id, now)).split(';')[0] ?? '';
  const headers = { cookie, 'accept-language': 'en' };
  return {
    id,
    email,
    actor: { ...profile, operator: id, session, address: '' },
    cookie,
    act: (call, input = {}) => request(`/api/operators/${call}`, { json: input, headers }),
    read: (call, input = {}) => request(`/api/operators/${call}?${new URLSearchParams(input).toString()}`, { headers }),
  };
}
