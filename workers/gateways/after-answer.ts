/** Work that the visitor does not wait for, and so cannot time. */
import { waitUntil } from 'cloudflare:workers';

/** Runs on after the answer has gone. @param name says in the log what failed; what it throws may name a person, so only its kind is written */
export function afterAnswer(name: string, work: Promise<unknown>): void {
  waitUntil(
    work.catch((thrown: unknown) =>
      console.error(JSON.stringify({ afterAnswer: name, unexpected: thrown instanceof Error ? thrown.name : typeof thrown })),
    ),
  );
}
