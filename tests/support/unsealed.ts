import { isSealed, type Sealed } from '../../schema/protocol/message-shard';

/** @throws Error when the shard was sealed meanwhile: it must be looked for in the archive */
export function unsealed<Answer extends object | null>(answer: Answer | Sealed): Answer {
  if (answer !== null && isSealed(answer)) throw new Error('the shard is sealed');
  return answer;
}
