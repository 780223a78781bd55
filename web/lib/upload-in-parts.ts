/**
 * Sends a file to the platform part by part, from the browser. Parts that are already there are not sent again, so the same call begins,
 * resumes after a pause and goes on after a lost connection. Loaded when a file is chosen.
 */
import type { UploadView } from '../../schema/console';

/** Parts on their way at once: enough to fill the line, few enough to lose little. */
const PARTS_AT_ONCE = 3;
const RETRY_FIRST_MS = 1_000;
const RETRY_LONGEST_MS = 15_000;

export interface UploadEvents {
  /** Bytes that are there or on their way; never more than the file's size. */
  progress(bytes: number): void;
  /** The connection is lost (or back): parts wait and are tried again. */
  waiting(isWaiting: boolean): void;
}

/** The platform refused the file; `message` is its own text, in the user's language. */
export class UploadRefused extends Error {}

const rememberedAs = (file: File): string => `upload:${file.name}:${file.size}:${file.lastModified}`;

/** @throws UploadRefused, or AbortError when `signal` fires */
export async function uploadInParts(file: File, events: UploadEvents, signal: AbortSignal): Promise<UploadView> {
  const begun = (await remembered(file, signal)) ?? (await begin(file, signal));
  localStorage.setItem(rememberedAs(file), begun.id);
  if (begun.state === 'complete') return finished(file, begun);
  const progress = new Progress(begun, events);
  const todo = missingParts(begun);
  const sender = async (): Promise<void> => {
    for (let part = todo.shift(); part !== undefined; part = todo.shift()) await sendPart(file, begun, part, progress, events, signal);
  };
  await Promise.all(Array.from({ length: PARTS_AT_ONCE }, sender));
  return finished(file, await untilAnswered(() => ask(`/api/uploads/${begun.id}/complete`, { method: 'POST' }, signal), events, signal));
}

function finished(file: File, upload: UploadView): UploadView {
  localStorage.removeItem(rememberedAs(file));
  return upload;
}

/** The unfinished upload of this very file, if this browser began one and the platform still has it. */
async function remembered(file: File, signal: AbortSignal): Promise<UploadView | null> {
  const id = localStorage.getItem(rememberedAs(file));
  if (id === null) return null;
  try {
    const upload = await ask(`/api/uploads/${encodeURIComponent(id)}`, {}, signal);
    return upload.state === 'aborted' || upload.size !== file.size ? null : upload;
  } catch (thrown) {
    if (thrown instanceof UploadRefused) return null;
    throw thrown;
  }
}

function begin(file: File, signal: AbortSignal): Promise<UploadView> {
  const body = JSON.stringify({ fileName: file.name, size: file.size });
  return ask('/api/uploads', { method: 'POST', headers: { 'content-type': 'application/json' }, body }, signal);
}

function missingParts({ parts, received }: UploadView): number[] {
  const there = new Set(received);
  return Array.from({ length: parts }, (_part, at) => at + 1).filter((part) => !there.has(part));
}

async function sendPart(
  file: File,
  upload: UploadView,
  part: number,
  progress: Progress,
  events: UploadEvents,
  signal: AbortSignal,
): Promise<void> {
  const body = file.slice((part - 1) * upload.partBytes, part * upload.partBytes);
  await untilAnswered(
    () => put(`/api/uploads/${upload.id}/parts/${part}`, body, (sent) => progress.set(part, sent), signal),
    events,
    signal,
  );
  progress.set(part, body.size);
}

/** Tries until the platform answers; a refusal is an answer. */
async function untilAnswered<T>(attempt: () => Promise<T>, events: UploadEvents, signal: AbortSignal): Promise<T> {
  for (let pauseMs = RETRY_FIRST_MS; ; pauseMs = Math.min(RETRY_LONGEST_MS, pauseMs * 2)) {
    try {
      const answer = await attempt();
      events.waiting(false);
      return answer;
    } catch (thrown) {
      if (thrown instanceof UploadRefused || signal.aborted) throw thrown;
      events.waiting(true);
      await pause(pauseMs, signal);
    }
  }
}

/** Until the time is over or the browser says that it is online again. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const go = (): void => {
      clearTimeout(timer);
      removeEventListener('online', go);
      signal.removeEventListener('abort', stop);
      resolve();
    };
    const stop = (): void => {
      go();
      reject(new DOMException('paused', 'AbortError'));
    };
    const timer = setTimeout(go, ms);
    addEventListener('online', go);
    signal.addEventListener('abort', stop);
  });
}

async function ask(path: string, init: RequestInit, signal: AbortSignal): Promise<UploadView> {
  const response = await fetch(path, { ...init, signal });
  return readAnswer(response.status, await response.text());
}

/** fetch says nothing about bytes on their way; XMLHttpRequest does. */
function put(path: string, body: Blob, sent: (bytes: number) => void, signal: AbortSignal): Promise<UploadView> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const stop = (): void => request.abort();
    signal.addEventListener('abort', stop);
    request.open('PUT', path);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.upload.addEventListener('progress', ({ loaded }) => sent(loaded));
    request.addEventListener('abort', () => reject(new DOMException('paused', 'AbortError')));
    request.addEventListener('error', () => reject(new TypeError('connection lost')));
    request.addEventListener('load', () => {
      try {
        resolve(readAnswer(request.status, request.responseText));
      } catch (thrown) {
        reject(thrown);
      }
    });
    request.addEventListener('loadend', () => signal.removeEventListener('abort', stop));
    request.send(body);
  });
}

/** @throws UploadRefused for a named refusal, TypeError for what may pass (overload, a proxy's page) */
function readAnswer(status: number, text: string): UploadView {
  if (status >= 200 && status < 300) return JSON.parse(text) as UploadView;
  if (status === 429 || status >= 500) throw new TypeError('try again');
  throw new UploadRefused((JSON.parse(text) as { detail?: string }).detail ?? '');
}

class Progress {
  readonly #sent = new Map<number, number>();
  readonly #events: UploadEvents;
  readonly #size: number;

  constructor(upload: UploadView, events: UploadEvents) {
    this.#events = events;
    this.#size = upload.size;
    for (const part of upload.received) this.#sent.set(part, Math.min(upload.partBytes, upload.size - (part - 1) * upload.partBytes));
    this.#tell();
  }

  set(part: number, bytes: number): void {
    this.#sent.set(part, bytes);
    this.#tell();
  }

  #tell(): void {
    let sum = 0;
    for (const bytes of this.#sent.values()) sum += bytes;
    this.#events.progress(Math.min(sum, this.#size));
  }
}
