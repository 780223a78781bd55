/**
 * One HTTP/1.1 connection for webhooks, one call on it at a time. By hand over a socket, because `fetch` costs workerd 250 µs a call where this
 * costs 80, in the process whose answers a benchmark waits for.
 */
import { connect } from 'cloudflare:sockets';

const encoder = new TextEncoder();
const decoder = new TextDecoder('latin1');
/** Servers drop connections that idle; one that idled for longer than this is not used again. */
const IDLE_MAX_MS = 1_000;

export class HttpLane {
  readonly #socket: Socket;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #received = '';
  #open = true;
  #idleSince = Date.now();

  /** @param origin `http://host:port` or `https://…` */
  constructor(origin: string) {
    const { protocol, hostname, port } = new URL(origin);
    const secure = protocol === 'https:';
    this.#socket = connect(
      { hostname, port: Number(port) || (secure ? 443 : 80) },
      { secureTransport: secure ? 'on' : 'off', allowHalfOpen: false },
    );
    // Failures show in the call that meets them; unheard, these promises would end up in the log.
    this.#socket.opened.catch(() => {});
    this.#socket.closed.catch(() => {});
    this.#writer = this.#socket.writable.getWriter();
    this.#reader = this.#socket.readable.getReader();
  }

  get usable(): boolean {
    return this.#open && Date.now() - this.#idleSince < IDLE_MAX_MS;
  }

  /**
   * @param request head and body, ASCII only
   * @returns the status of the answer; its body is of no interest to a carrier
   * @throws whatever the connection met, or when there is no whole answer within `timeoutMs`
   */
  async call(request: string, timeoutMs: number): Promise<number> {
    const timer = setTimeout(() => this.close(), timeoutMs);
    try {
      // A write that fails shows as a failing read.
      this.#writer.write(encoder.encode(request)).catch(() => {});
      return await this.#readAnswer();
    } catch (error) {
      this.close();
      throw error;
    } finally {
      clearTimeout(timer);
      this.#idleSince = Date.now();
    }
  }

  async #readAnswer(): Promise<number> {
    for (;;) {
      const { value, done } = await this.#reader.read();
      if (done || !this.#open) throw new Error('the connection ended before the answer did');
      this.#received += decoder.decode(value);
      const headEnd = this.#received.indexOf('\r\n\r\n');
      if (headEnd < 0) continue;
      const head = this.#received.slice(0, headEnd);
      const status = Number(head.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length));
      const end = bodyEnd(this.#received, headEnd + 4, head, status);
      // A body without a length ends with the connection: the status is known, so this one is given up.
      if (end === 'with the connection' || /\r\nconnection: *close/i.test(head)) this.close();
      else if (end === 'later') continue;
      this.#received = '';
      return status;
    }
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#socket.close().catch(() => {});
  }
}

/** @param at where the body starts @returns where the body of the answer ends, as far as can be told from what has come */
function bodyEnd(received: string, at: number, head: string, status: number): 'here' | 'later' | 'with the connection' {
  if (status === 204 || status === 304) return 'here';
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) return received.length >= at + Number(length) ? 'here' : 'later';
  if (!/\r\ntransfer-encoding: *chunked/i.test(head)) return 'with the connection';
  for (let chunkAt = at; ;) {
    const sizeEnd = received.indexOf('\r\n', chunkAt);
    if (sizeEnd < 0) return 'later';
    const size = Number.parseInt(received.slice(chunkAt, sizeEnd), 16);
    if (Number.isNaN(size)) return 'with the connection';
    chunkAt = sizeEnd + 2 + size + 2;
    if (received.length < chunkAt) return 'later';
    if (size === 0) return 'here';
  }
}

/** Idle connections of one invocation, by origin. Connections can't be shared between invocations. */
export class HttpLanes {
  readonly #idle = new Map<string, HttpLane[]>();

  async call(origin: string, request: string, timeoutMs: number): Promise<number> {
    const idle = this.#idle.get(origin) ?? [];
    this.#idle.set(origin, idle);
    let lane = idle.pop();
    while (lane !== undefined && !lane.usable) {
      lane.close();
      lane = idle.pop();
    }
    lane ??= new HttpLane(origin);
    const status = await lane.call(request, timeoutMs);
    if (lane.usable) idle.push(lane);
    return status;
  }

  close(): void {
    for (const lanes of this.#idle.values()) for (const lane of lanes) lane.close();
    this.#idle.clear();
  }
}
