/** Speaks to the platform as the console does: the JSON routes, with a session cookie. */
import type { Challenge, TaskView, UploadView } from '../../schema/console';
import type { ExportView } from '../../schema/exports';
import type { KeyId, TaskId, UploadId } from '../../schema/ids';
import type { TaskContent } from '../../schema/protocol/task-run';
import type { DemoLogin } from '../platform/local-platform';

interface LocalMail {
  readonly recipient: string;
  readonly body: string;
  readonly at: number;
}

export class ConsoleClient {
  #cookie = '';

  constructor(readonly url: string) {}

  /** Any call with the session, whatever the answer is. */
  request(method: string, path: string, body?: unknown): Promise<Response> {
    const headers = new Headers({ accept: 'application/json' });
    if (this.#cookie) headers.set('cookie', this.#cookie);
    let payload: BodyInit | null = null;
    if (body instanceof Uint8Array) payload = Buffer.from(body);
    else if (body !== undefined) {
      headers.set('content-type', 'application/json');
      payload = JSON.stringify(body);
    }
    return fetch(`${this.url}${path}`, { method, headers, body: payload });
  }

  async #call(method: string, path: string, body?: unknown): Promise<Response> {
    const answer = await this.request(method, path, body);
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
    return answer;
  }

  async #json<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.#call(method, path, body);
    return answer.json<T>();
  }

  /** Password, then the code that the mailbox page shows. */
  async signIn(login: DemoLogin, mailbox: string): Promise<void> {
    const askedAt = Date.now();
    const { challenge } = await this.#json<Challenge>('POST', '/api/session', { email: login.email, password: login.password });
    const answer = await fetch(`${mailbox}?recipient=${encodeURIComponent(login.email)}`);
    const { mails } = await answer.json<{ mails: readonly LocalMail[] }>();
    const code = mails
      .filter((mail) => mail.at >= askedAt - 1_000)
      .map((mail) => /\b\d{6}\b/.exec(mail.body)?.[0])
      .find((found) => found !== undefined);
    if (!code) throw new Error('no sign-in code in the mailbox');
    const signedIn = await this.#call('POST', '/api/session/code', { challenge, code });
    this.#cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  }

  formOptions(): Promise<{ keys: readonly { id: KeyId; name: string; test: boolean }[]; senders: readonly { value: string }[] }> {
    return this.#json('GET', '/api/task-form');
  }

  /** The file in parts, as the console's upload does; `read` gives the bytes [start, end). */
  async upload(fileName: string, size: number, read: (start: number, end: number) => Promise<Uint8Array>): Promise<UploadId> {
    const upload = await this.#json<UploadView>('POST', '/api/uploads', { fileName, size });
    for (let part = 1; part <= upload.parts; part += 1) {
      const start = (part - 1) * upload.partBytes;
      await this.#call('PUT', `/api/uploads/${upload.id}/parts/${part}`, await read(start, Math.min(size, start + upload.partBytes)));
    }
    await this.#call('POST', `/api/uploads/${upload.id}/complete`);
    return upload.id;
  }

  async createTask(content: TaskContent): Promise<TaskId> {
    const { id } = await this.#json<{ id: TaskId }>('POST', '/api/tasks', content);
    return id;
  }

  task(id: TaskId): Promise<TaskView> {
    return this.#json('GET', `/api/tasks/${id}`);
  }

  async confirm(id: TaskId): Promise<void> {
    await this.#call('POST', `/api/tasks/${id}/confirm`, { startsAt: null });
  }

  startLogExport(task: TaskId): Promise<ExportView> {
    return this.#json('POST', '/api/exports', { kind: 'log', format: 'csv', filter: { task }, bom: true });
  }

  export(id: string): Promise<ExportView> {
    return this.#json('GET', `/api/exports/${id}`);
  }

  async exportFile(id: string): Promise<ReadableStream<Uint8Array>> {
    const { body } = await this.#call('GET', `/api/exports/${id}/file`);
    if (!body) throw new Error('the export has no file');
    return body;
  }
}
