/** /v1/uploads: the file of numbers that a task sends to, part by part. */
import { NewUpload, Upload, UploadId as UploadPath, UploadPart } from '../../../schema/api/tasks';
import type { UploadView } from '../../../schema/console';
import { AppError } from '../../../schema/errors';
import type { UploadId } from '../../../schema/ids';
import { completeUpload } from '../../tasks/complete-upload';
import { createUpload } from '../../tasks/create-upload';
import { uploadPart } from '../../tasks/upload-part';
import { showUpload } from '../../tasks/upload-view';
import { operation, type Operation } from './operation';

const TAG = 'Tasks';

const view = (row: UploadView) => ({
  id: row.id,
  file_name: row.fileName,
  size: row.size,
  part_bytes: row.partBytes,
  parts: row.parts,
  received: row.received,
  status: row.state,
});

const begin = operation({
  method: 'POST',
  path: '/v1/uploads',
  id: 'beginUpload',
  tag: TAG,
  summary: { en: 'Begin the upload of a file of numbers', zh: '开始上传号码文件' },
  description: 'csv, txt, xlsx or their .gz. Send its parts, then complete it.',
  body: NewUpload,
  answers: { 201: { text: 'Begun.', shape: Upload } },
  errors: ['file_type', 'file_empty', 'too_large'],
  isRepeatable: true,
  answer: async ({ actor, context, body }) => ({
    status: 201,
    body: view(await createUpload(context.gateways, actor, { fileName: body.file_name, size: body.size })),
  }),
});

const read = operation({
  method: 'GET',
  path: '/v1/uploads/{id}',
  id: 'getUpload',
  tag: TAG,
  summary: { en: 'Which parts are there', zh: '查询已上传的分片' },
  params: UploadPath,
  answers: { 200: { text: 'The upload.', shape: Upload } },
  errors: ['not_found'],
  answer: async ({ actor, context, params }) => ({
    status: 200,
    body: view(await showUpload(context.gateways, actor, params.id as UploadId)),
  }),
});

const part = operation({
  method: 'PUT',
  path: '/v1/uploads/{id}/parts/{part}',
  id: 'putUploadPart',
  tag: TAG,
  summary: { en: 'One part, as bytes; it may be sent again', zh: '上传一个分片，可重复上传' },
  params: UploadPart,
  takesFile: true,
  answers: { 200: { text: 'The upload.', shape: Upload } },
  errors: ['not_found', 'upload_part_size', 'gone'],
  async answer({ actor, context, params, request }) {
    // The body goes on to storage as it comes in, so its length must be known beforehand.
    const length = request.headers.get('content-length');
    if (request.body === null || length === null || !/^\d{1,12}$/.test(length)) throw new AppError('upload_part_size');
    const upload = await uploadPart(context.gateways, actor, params.id as UploadId, params.part, request.body, Number(length));
    return { status: 200, body: view(upload) };
  },
});

const complete = operation({
  method: 'POST',
  path: '/v1/uploads/{id}/complete',
  id: 'completeUpload',
  tag: TAG,
  summary: { en: 'Make one file of the parts', zh: '合并分片，完成上传' },
  params: UploadPath,
  answers: { 200: { text: 'The upload.', shape: Upload } },
  errors: ['not_found', 'upload_incomplete', 'gone'],
  isRepeatable: true,
  answer: async ({ actor, context, params }) => ({
    status: 200,
    body: view(await completeUpload(context.gateways, actor, params.id as UploadId)),
  }),
});

export const UPLOAD_OPERATIONS: readonly Operation[] = [begin, read, part, complete];
