/** A run of a repeatable request that dies: what the key's gate then knows of it. */
import { env } from 'cloudflare:workers';
import { runInDurableObject } from 'cloudflare:test';
import type { Env } from '../../schema/env';
import type { KeyId } from '../../schema/ids';
import { IDEMPOTENCY_RUNNING_MS } from '../../schema/limits';
import { keyGateName } from '../../schema/storage-keys';

/** As if the run had died after its work, before its answer was remembered, so long ago that a repeat takes over. */
export async function loseAnswer(key: KeyId, repeatKey: string): Promise<void> {
  const gate = (env as unknown as Env).KEY_GATE.getByName(keyGateName(key));
  await runInDurableObject(gate, (_, { storage }) => {
    storage.sql.exec(
      'UPDATE repeats SET answer = NULL, running_at = running_at - ?, ticket = ? WHERE key = ?',
      IDEMPOTENCY_RUNNING_MS,
      JSON.stringify({ day: null, texts: null, repeat: repeatKey }),
      repeatKey,
    );
  });
}
