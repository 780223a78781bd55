/**
 * The heap of a Worker while it works, asked over workerd's inspector. It answers between two turns of the isolate only, so that a long turn's
 * buffers are seen when it ends; what a turn may hold at most is limited by local-platform.ts, as production limits it.
 */
const EVERY_MS = 100;

interface HeapUsage {
  readonly usedSize: number;
  readonly embedderHeapUsedSize?: number;
  readonly backingStorageSize?: number;
}

interface HeapPeak {
  /** Objects and what workerd keeps for them, garbage that nobody has collected yet included; bytes. */
  readonly objects: number;
  /** Most at once of objects and buffers together. */
  readonly whole: number;
}

export interface HeapWatch {
  /** Asks a last time. */
  stop(): Promise<HeapPeak>;
}

/** The Worker that is the platform: requests, queue consumers and, in a local run, every object. miniflare has several of its own. */
const isPlatform = (title: string): boolean => title.includes('core:user:');

export async function watchHeap(port: number): Promise<HeapWatch> {
  const targets = await (
    await fetch(`http://127.0.0.1:${port}/json`)
  ).json<{ id: string; webSocketDebuggerUrl: string; title?: string }[]>();
  const target = targets.find(({ id, title }) => isPlatform(`${id} ${title ?? ''}`));
  if (!target) throw new Error(`the inspector knows ${targets.map(({ id }) => id).join(', ')} only`);
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  await new Promise<void>((done, fail) => {
    socket.addEventListener('open', () => done());
    socket.addEventListener('error', () => fail(new Error('the inspector does not answer')));
  });
  let peak: HeapPeak = { objects: 0, whole: 0 };
  let asked = 0;
  let answered: (id: number) => void = () => undefined;
  socket.addEventListener('message', ({ data }) => {
    const { id, result } = JSON.parse(String(data)) as { id: number; result?: HeapUsage };
    if (result?.usedSize === undefined) return;
    const objects = result.usedSize + (result.embedderHeapUsedSize ?? 0);
    peak = { objects: Math.max(peak.objects, objects), whole: Math.max(peak.whole, objects + (result.backingStorageSize ?? 0)) };
    answered(id);
  });
  const ask = (): void => socket.send(JSON.stringify({ id: (asked += 1), method: 'Runtime.getHeapUsage' }));
  const timer = setInterval(ask, EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      await new Promise<void>((done) => {
        answered = (id) => {
          if (id === asked) done();
        };
        ask();
      });
      socket.close();
      return peak;
    },
  };
}
