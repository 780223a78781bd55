/** What somebody tries who has got hold of another tenant's ids: a case for every route that takes one, in its path, its query or its body. */

export const ID_KINDS = [
  'task',
  'upload',
  'openUpload',
  'message',
  'export',
  'blacklistImport',
  'session',
  'key',
  'endpoint',
  'tenant',
  'user',
  'approval',
  'template',
] as const;
export type Ids = Readonly<Record<(typeof ID_KINDS)[number], string>>;

export interface Attempt {
  readonly path: string;
  readonly body?: unknown;
}
type Attempts = Readonly<Record<string, (ids: Ids) => readonly Attempt[]>>;

const content = { name: 'Not yours', sender: 'JINMU', text: 'Hi' };
const logExport = { kind: 'log', format: 'csv', bom: false };
const REPLAY = { from: '2026-01-01T00:00:00Z', until: '2026-01-02T00:00:00Z', which: 'all' };
const ACTIONS = ['pause', 'resume', 'stop', 'cancel'] as const;

/** With a session of the console. */
export const CONSOLE_ATTEMPTS: Attempts = {
  'GET /api/approvals/:id/files/:n': ({ approval }) => [{ path: `/api/approvals/${approval}/files/1` }],
  'DELETE /api/sessions/:id': ({ session }) => [{ path: `/api/sessions/${session}` }],
  'GET /api/uploads/:id': (ids) => [{ path: `/api/uploads/${ids.upload}` }, { path: `/api/uploads/${ids.openUpload}` }],
  'PUT /api/uploads/:id/parts/:part': (ids) => [{ path: `/api/uploads/${ids.openUpload}/parts/1`, body: new Uint8Array(10) }],
  'POST /api/uploads/:id/complete': (ids) => [
    { path: `/api/uploads/${ids.upload}/complete` },
    { path: `/api/uploads/${ids.openUpload}/complete` },
  ],
  'GET /api/tasks': (ids) => [{ path: `/api/tasks?id=${ids.task}` }],
  'POST /api/tasks': (ids) => [
    { path: '/api/tasks', body: { ...content, key: ids.key } },
    { path: '/api/tasks', body: { ...content, key: ids.key, upload: ids.upload } },
  ],
  'GET /api/tasks/:id': ({ task }) => [{ path: `/api/tasks/${task}` }],
  'PUT /api/tasks/:id': ({ task, key }) => [{ path: `/api/tasks/${task}`, body: { ...content, key } }],
  'GET /api/tasks/:id/exceptions': ({ task }) => [{ path: `/api/tasks/${task}/exceptions` }],
  'GET /api/tasks/:id/exceptions.xlsx': ({ task }) => [{ path: `/api/tasks/${task}/exceptions.xlsx` }],
  'POST /api/tasks/:id/confirm': ({ task }) => [{ path: `/api/tasks/${task}/confirm`, body: { startsAt: null } }],
  'POST /api/tasks/:id/:action': ({ task }) => ACTIONS.map((action) => ({ path: `/api/tasks/${task}/${action}` })),
  'GET /api/messages': ({ task, message, key }) => [
    { path: `/api/messages?task=${task}` },
    { path: `/api/messages?message=${message}` },
    { path: `/api/messages?key=${key}` },
  ],
  'GET /api/messages/:id': ({ message }) => [{ path: `/api/messages/${message}` }],
  'POST /api/exports': ({ task, key }) => [
    { path: '/api/exports', body: { ...logExport, filter: { task } } },
    { path: '/api/exports', body: { ...logExport, filter: { key } } },
  ],
  'GET /api/exports/:id': (ids) => [{ path: `/api/exports/${ids.export}` }],
  'GET /api/exports/:id/file': (ids) => [{ path: `/api/exports/${ids.export}/file` }],
  'POST /api/exports/:id/cancel': (ids) => [{ path: `/api/exports/${ids.export}/cancel` }],
  'POST /api/exports/:id/repeat': (ids) => [{ path: `/api/exports/${ids.export}/repeat` }],
  'GET /api/reports': ({ key, user }) => [
    { path: `/api/reports?key=${key}&groupBy=key` },
    { path: `/api/reports?user=${user}&groupBy=user` },
  ],
  'POST /api/blacklist-imports': ({ key, upload }) => [{ path: '/api/blacklist-imports', body: { key, upload } }],
  'GET /api/blacklist-imports/:id': ({ blacklistImport }) => [{ path: `/api/blacklist-imports/${blacklistImport}` }],
  'GET /api/webhooks/:id': ({ endpoint }) => [{ path: `/api/webhooks/${endpoint}` }],
  'PATCH /api/webhooks/:id': ({ endpoint }) => [{ path: `/api/webhooks/${endpoint}`, body: { enabled: false } }],
  'DELETE /api/webhooks/:id': ({ endpoint }) => [{ path: `/api/webhooks/${endpoint}` }],
  'GET /api/webhooks/:id/secrets': ({ endpoint }) => [{ path: `/api/webhooks/${endpoint}/secrets` }],
  'POST /api/webhooks/:id/secrets': ({ endpoint }) => [{ path: `/api/webhooks/${endpoint}/secrets` }],
  'POST /api/webhooks/:id/test': ({ endpoint }) => [{ path: `/api/webhooks/${endpoint}/test` }],
  'GET /api/webhooks/:id/attempts': ({ endpoint }) => [{ path: `/api/webhooks/${endpoint}/attempts` }],
  'POST /api/webhooks/:id/replay': ({ endpoint }) => [
    { path: `/api/webhooks/${endpoint}/replay`, body: { from: 0, until: 2_000_000_000_000, which: 'all' } },
  ],
};

/** With a key of the API. */
export const API_ATTEMPTS: Attempts = {
  'POST /v1/messages': ({ template }) => [{ path: '/v1/messages', body: { from: 'JINMU', to: '+6591234567', template_id: template } }],
  'GET /v1/messages': ({ task, key }) => [{ path: `/v1/messages?task_id=${task}` }, { path: `/v1/messages?key=${key}` }],
  'GET /v1/messages/{id}': ({ message }) => [{ path: `/v1/messages/${message}` }],
  'DELETE /v1/messages/{id}': ({ message }) => [{ path: `/v1/messages/${message}` }],
  'GET /v1/uploads/{id}': (ids) => [{ path: `/v1/uploads/${ids.upload}` }, { path: `/v1/uploads/${ids.openUpload}` }],
  'PUT /v1/uploads/{id}/parts/{part}': (ids) => [{ path: `/v1/uploads/${ids.openUpload}/parts/1`, body: new Uint8Array(10) }],
  'POST /v1/uploads/{id}/complete': (ids) => [
    { path: `/v1/uploads/${ids.upload}/complete` },
    { path: `/v1/uploads/${ids.openUpload}/complete` },
  ],
  'POST /v1/tasks': (ids) => [{ path: '/v1/tasks', body: { name: 'Not yours', from: 'JINMU', text: 'Hi', upload_id: ids.upload } }],
  'GET /v1/tasks/{id}': ({ task }) => [{ path: `/v1/tasks/${task}` }],
  'POST /v1/tasks/{id}/confirm': ({ task }) => [{ path: `/v1/tasks/${task}/confirm`, body: { start_at: null } }],
  ...Object.fromEntries(
    ACTIONS.map((action) => [`POST /v1/tasks/{id}/${action}`, ({ task }: Ids) => [{ path: `/v1/tasks/${task}/${action}` }]]),
  ),
  'GET /v1/webhooks/{id}': ({ endpoint }) => [{ path: `/v1/webhooks/${endpoint}` }],
  'PUT /v1/webhooks/{id}': ({ endpoint }) => [{ path: `/v1/webhooks/${endpoint}`, body: { enabled: false } }],
  'DELETE /v1/webhooks/{id}': ({ endpoint }) => [{ path: `/v1/webhooks/${endpoint}` }],
  'POST /v1/webhooks/{id}/secrets': ({ endpoint }) => [{ path: `/v1/webhooks/${endpoint}/secrets` }],
  'POST /v1/webhooks/{id}/test': ({ endpoint }) => [{ path: `/v1/webhooks/${endpoint}/test` }],
  'GET /v1/webhooks/{id}/attempts': ({ endpoint }) => [{ path: `/v1/webhooks/${endpoint}/attempts` }],
  'POST /v1/webhooks/{id}/replay': ({ endpoint }) => [{ path: `/v1/webhooks/${endpoint}/replay`, body: REPLAY }],
  'GET /v1/reports': ({ key, user }) => [
    { path: `/v1/reports?key=${key}&group_by=key` },
    { path: `/v1/reports?user=${user}&group_by=user` },
  ],
  'POST /v1/exports': ({ task, key }) => [
    { path: '/v1/exports', body: { filter: { task_id: task } } },
    { path: '/v1/exports', body: { filter: { key } } },
  ],
  'GET /v1/exports/{id}': (ids) => [{ path: `/v1/exports/${ids.export}` }],
  'GET /v1/exports/{id}/file': (ids) => [{ path: `/v1/exports/${ids.export}/file` }],
  'POST /v1/exports/{id}/cancel': (ids) => [{ path: `/v1/exports/${ids.export}/cancel` }],
};

/** Pages with an id in their path. */
export const PAGES: Readonly<Record<string, (ids: Ids) => string>> = {
  'tasks/[id]': ({ task }) => `/tasks/${task}`,
  'tasks/[id]/edit': ({ task }) => `/tasks/${task}/edit`,
  'logs/[id]': ({ message }) => `/logs/${message}`,
  'legacy/messages/[id]': ({ message }) => `/legacy/messages/${message}`,
  'keys/[id]': ({ key }) => `/keys/${key}`,
  'webhooks/[id]': ({ endpoint }) => `/webhooks/${endpoint}`,
  'webhooks/[id]/edit': ({ endpoint }) => `/webhooks/${endpoint}/edit`,
  'templates/[id]': ({ template }) => `/templates/${template}`,
  'templates/[id]/edit': ({ template }) => `/templates/${template}/edit`,
  'approvals/[id]': ({ approval }) => `/approvals/${approval}`,
  'operators/approvals/[id]': ({ approval }) => `/operators/approvals/${approval}`,
  'users/[user]': ({ user }) => `/users/${user}`,
  'operators/tenants/[id]': ({ tenant }) => `/operators/tenants/${tenant}`,
  'operators/tenants/[id]/users': ({ tenant }) => `/operators/tenants/${tenant}/users`,
  'operators/tenants/[id]/users/[user]': ({ tenant, user }) => `/operators/tenants/${tenant}/users/${user}`,
  'operators/tenants/[id]/keys': ({ tenant }) => `/operators/tenants/${tenant}/keys`,
  'operators/tenants/[id]/keys/[key]': ({ tenant, key }) => `/operators/tenants/${tenant}/keys/${key}`,
  'operators/carriers/[id]': ({ tenant }) => `/operators/carriers/${tenant}`,
};

/** Routes that know from the session or the key alone whose things they show, or that are nobody's. */
export const WITHOUT_IDS: ReadonlySet<string> = new Set([
  'GET /healthz',
  'GET /local/mailbox',
  'GET /local/meter',
  'POST /local/meter/reset',
  'POST /local/seed',
  'GET /local/fill',
  'POST /local/fill',
  'POST /local/fill/:shard',
  'POST /local/fill/:shard/start',
  'POST /local/fill/:shard/seal',
  'GET /carriers/vonage/receipts',
  'POST /carriers/vonage/receipts',
  'GET /carriers/vonage/inbound',
  'POST /carriers/vonage/inbound',
  'POST /api/session',
  'POST /api/session/code',
  'POST /api/session/resend',
  'DELETE /api/session',
  'POST /api/password/forgot',
  'POST /api/password/reset',
  'POST /api/password',
  'GET /api/me',
  'GET /api/profile',
  'PATCH /api/preferences',
  'GET /api/balance',
  'GET /api/home',
  'POST /api/uploads',
  'GET /api/upload-templates/:format',
  'GET /api/task-form',
  'POST /api/measure',
  'GET /api/exports',
  'GET /api/webhooks',
  'POST /api/webhooks',
  'GET /api/inbound',
  // The operators' own: no tenant's session opens any of them (operators-session.test.ts goes through them all).
  'POST /api/operators/session',
  'POST /api/operators/session/code',
  'POST /api/operators/session/resend',
  'DELETE /api/operators/session',
  'POST /api/operators/password',
  'POST /api/operators/password/forgot',
  'POST /api/operators/password/reset',
  'GET /api/operators/:call',
  'GET /api/operators/approvals/:id/files/:n',
  'POST /api/operators/:call',
  'GET /v1/openapi.json',
  'POST /v1/estimate',
  'GET /v1/balance',
  'POST /v1/uploads',
  'GET /v1/tasks',
  'GET /v1/webhooks',
  'POST /v1/webhooks',
  'GET /v1/exports',
  'GET /v1/blacklist',
  'GET /v1/blacklist/numbers',
  'POST /v1/blacklist/numbers',
  'POST /v1/blacklist/numbers/remove',
  'PUT /v1/blacklist/countries',
  'GET /v1/opt-out-reply',
  'PUT /v1/opt-out-reply',
  // The original endpoints and Vonage's: a key and its secret, no ids.
  'GET /send/v2/check',
  'POST /send/v2/check',
  'GET /sendCallback',
  'POST /sendCallback',
  'GET /getBalance',
  'POST /getBalance',
  'GET /beta/send',
  'POST /beta/send',
  'GET /sms/json',
  'POST /sms/json',
  'GET /account/get-balance',
  'POST /account/get-balance',
]);
