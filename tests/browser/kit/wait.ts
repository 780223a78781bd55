/** Asks until the answer is right. @throws with the last answer when it never is */
export async function until<T>(ask: () => Promise<T>, right: (answer: T) => boolean, timeoutMs = 60_000): Promise<T> {
  const endsAt = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (right(answer)) return answer;
    if (Date.now() > endsAt) throw new Error(`still ${JSON.stringify(answer)} after ${timeoutMs} ms`);
    await new Promise((done) => setTimeout(done, 300));
  }
}
