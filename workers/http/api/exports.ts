/** /v1/exports: the log, and all else that there is as a file. */
import { Export, ExportId as ExportPath, ExportPage, ExportQuery, ExportRequest } from '../../../schema/api/account';
import type { ExportView } from '../../../schema/exports';
import type { ExportId } from '../../../schema/ids';
import { cancelExport } from '../../exports/cancel';
import { fetchExport } from '../../exports/download';
import { startExport } from '../../exports/start';
import { listExports, readExport } from '../../exports/view';
import { exportRequestOf } from './export-request';
import { operation, type Operation } from './operation';
import { instant, instantOrNull } from './words';

const TAG = 'Exports';

const view = (row: ExportView) => ({
  id: row.id,
  file_name: row.fileName,
  kind: row.kind,
  format: row.format,
  status: row.state,
  rows: row.rows,
  rows_expected: row.rowsExpected,
  bytes: row.bytes,
  created_at: instant(row.createdAt),
  finished_at: instantOrNull(row.finishedAt),
  expires_at: instant(row.expiresAt),
  downloads: row.downloads,
  error: row.error,
});

const start = operation({
  method: 'POST',
  path: '/v1/exports',
  id: 'startExport',
  tag: TAG,
  summary: {
    en: 'Export the log, a task’s statement, tasks or a blacklist; made in the background',
    zh: '导出日志、任务明细、任务统计或黑名单（后台生成）',
  },
  body: ExportRequest,
  answers: { 202: { text: 'Begun.', shape: Export } },
  errors: ['not_found'],
  isRepeatable: true,
  async answer({ actor, key, context, body, now }, claim) {
    const started = await startExport(context.gateways, actor, exportRequestOf(body, key.id, claim?.at ?? now), claim);
    return { status: 202, body: view(started) };
  },
});

const list = operation({
  method: 'GET',
  path: '/v1/exports',
  id: 'listExports',
  tag: TAG,
  summary: { en: 'Exports of the tenant', zh: '导出列表' },
  query: ExportQuery,
  answers: { 200: { text: 'One page, newest first.', shape: ExportPage } },
  errors: [],
  async answer({ actor, context, query }) {
    const filter = {
      ...(query.kind && { kind: query.kind }),
      ...(query.created_from !== undefined && { createdFrom: Date.parse(query.created_from) }),
      ...(query.created_until !== undefined && { createdUntil: Date.parse(query.created_until) }),
    };
    const page = await listExports(context.gateways, actor, filter, query.cursor ?? null);
    return { status: 200, body: { exports: page.rows.map(view), cursor: page.cursor } };
  },
});

const read = operation({
  method: 'GET',
  path: '/v1/exports/{id}',
  id: 'getExport',
  tag: TAG,
  summary: { en: 'One export and its progress', zh: '查询一个导出及其进度' },
  params: ExportPath,
  answers: { 200: { text: 'The export as it stands.', shape: Export } },
  errors: ['not_found'],
  answer: async ({ actor, context, params }) => ({
    status: 200,
    body: view(await readExport(context.gateways, actor, params.id as ExportId)),
  }),
});

const file = operation({
  method: 'GET',
  path: '/v1/exports/{id}/file',
  id: 'getExportFile',
  tag: TAG,
  summary: { en: 'The file; `Range` is honoured', zh: '下载文件，支持 Range' },
  params: ExportPath,
  answers: { 200: { text: 'The file.', shape: 'file' }, 206: { text: 'The part that `Range` names.', shape: 'file' } },
  errors: ['not_found', 'export_not_ready', 'gone', 'range_not_satisfiable'],
  async answer({ actor, context, params, request }) {
    const { headers } = request;
    const found = await fetchExport(context.gateways, actor, params.id as ExportId, headers.get('range'), headers.get('if-range'));
    return { status: found.status, file: found };
  },
});

const cancel = operation({
  method: 'POST',
  path: '/v1/exports/{id}/cancel',
  id: 'cancelExport',
  tag: TAG,
  summary: { en: 'Cancel an export that is not ready yet', zh: '取消尚未完成的导出' },
  params: ExportPath,
  answers: { 200: { text: 'The export as it stands.', shape: Export } },
  errors: ['not_found', 'conflict'],
  isRepeatable: true,
  async answer({ actor, context, params }) {
    await cancelExport(context.gateways, actor, params.id as ExportId);
    return { status: 200, body: view(await readExport(context.gateways, actor, params.id as ExportId)) };
  },
});

export const EXPORT_OPERATIONS: readonly Operation[] = [start, list, read, file, cancel];
