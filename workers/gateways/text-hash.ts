/** A text as a number that tells nothing of it: one-time codes have too few texts to hide in a hash without a secret. */
import { createHmac } from 'node:crypto';
import type { Env } from '../../schema/env';

const BYTES = 6;

/** @returns 0 … 2^48 - 1, the same for the same text */
export const textHash = ({ SESSION_SECRET }: Pick<Env, 'SESSION_SECRET'>, text: string): number =>
  createHmac('sha256', `texts:${SESSION_SECRET}`).update(text).digest().readUIntBE(0, BYTES);
