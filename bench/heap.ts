/** The heap of a Worker while it works, asked over workerd's inspector: the local runtime does not hold it to the 128 MB of production. */
const EVERY_MS = 100;

interface HeapUsage {
  readonly usedSize: number;
  readonly embedderHeapUsedSize?: number;
  readonly backingStorageSize?: number;
}

export interface HeapWatch {
  /** Most bytes at once: objects, what workerd keeps for them, and buffers. */
  readonly peak: number;
  stop(): void;
}

/** @param isWanted by the title of the Worker; miniflare has several of its own */
export async function watchHeap(port: number, isWanted: (title: string) => boolean): Promise<HeapWatch> {
  const targets = await (
    await fetch(`http://127.0.0.1:${port}/json`)
  ).json<{ id: string; webSocketDebuggerUrl: string; title?: string }[]>();
  const target = targets.find(({ id, title }) => isWanted(`${id} ${title ?? ''}`));
  if (!target) throw new Error(`the inspector knows ${targets.map(({ id }) => id).join(', ')} only`);
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  await new Promise<void>((done, fail) => {
    socket.addEventListener('open', () => done());
    socket.addEventListener('error', () => fail(new Error('the inspector does not answer')));
  });
  let peak = 0;
  let asked = 0;
  socket.addEventListener('message', ({ data }) => {
    const { result } = JSON.parse(String(data)) as { result?: HeapUsage };
    if (result?.usedSize === undefined) return;
    peak = Math.max(peak, result.usedSize + (result.embedderHeapUsedSize ?? 0) + (result.backingStorageSize ?? 0));
  });
  const timer = setInterval(() => socket.send(JSON.stringify({ id: (asked += 1), method: 'Runtime.getHeapUsage' })), EVERY_MS);
  return {
    get peak() {
      return peak;
    },
    stop() {
      clearInterval(timer);
      socket.close();
    },
  };
}
