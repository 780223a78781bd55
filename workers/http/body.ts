/** Reading a JSON body: its type, its size, its shape. Every refusal names the field. */
import type { z } from 'zod';
import { isText } from '../../schema/api/common';
import { AppError, type FieldError, type FieldErrorCode } from '../../schema/errors';
import { readJsonText } from '../rules/json-text';

/** Console and API bodies are small; files go through uploads. */
const JSON_MAX_BYTES = 1024 * 1024;

export async function readJson<Schema extends z.ZodType>(request: Request, schema: Schema): Promise<z.output<Schema>> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/([\w.+-]+\+)?json\b/i.test(type)) throw new AppError('unsupported_media_type');
  const bytes = await readAtMost(request, JSON_MAX_BYTES);
  const read = readJsonText(utf8Of(bytes));
  if (!read.ok) {
    if (read.duplicate === null) throw new AppError('malformed_json');
    throw new AppError('invalid_request', { fields: [{ field: read.duplicate, code: 'duplicate_field' }] });
  }
  const unreadable = findUnreadable(read.value, []);
  if (unreadable) throw new AppError('invalid_request', { fields: [{ field: fieldPath(unreadable), code: 'not_text' }] });
  return parse(schema, read.value);
}

/** @throws AppError malformed_json for bytes that are no UTF-8 */
export function utf8Of(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    throw new AppError('malformed_json');
  }
}

/** @returns where a text stands that no phone shows and no encoding carries: with a NUL, or half of a surrogate pair; null = nowhere */
function findUnreadable(value: unknown, path: readonly PropertyKey[]): readonly PropertyKey[] | null {
  if (typeof value === 'string') return isText(value) ? null : path;
  if (typeof value !== 'object' || value === null) return null;
  const list = Array.isArray(value);
  for (const [key, inner] of Object.entries(value)) {
    const found = findUnreadable(inner, [...path, list ? Number(key) : key]);
    if (found) return found;
  }
  return null;
}

export function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new AppError('invalid_request', {
    fields: result.error.issues.flatMap((issue): FieldError[] =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => ({ field: fieldPath([...issue.path, key]), code: 'unknown_field' }))
        : [{ field: fieldPath(issue.path), ...fieldError(issue) }],
    ),
  });
}

const fieldPath = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (whole, step) => (typeof step === 'number' ? `${whole}[${step}]` : whole === '' ? String(step) : `${whole}.${String(step)}`),
    '',
  );

function fieldError(issue: z.core.$ZodIssue): { code: FieldErrorCode; details?: Record<string, number> } {
  if (issue.code === 'too_big') return { code: 'too_long', details: { max: Number(issue.maximum) } };
  if (issue.code === 'too_small')
    return Number(issue.minimum) <= 1 ? { code: 'required' } : { code: 'too_short', details: { min: Number(issue.minimum) } };
  if (issue.code === 'invalid_type' && issue.input === undefined) return { code: 'required' };
  return { code: 'invalid' };
}

/** The body's bytes; stops reading as soon as there are too many. */
export async function readAtMost(request: Request, maxBytes: number): Promise<Uint8Array> {
  if (!request.body) return new Uint8Array();
  // A declared length is what the runtime hands over, not a byte more: no need to count, which costs several times as much.
  const declared = request.headers.get('content-length');
  if (Number(declared ?? 0) > maxBytes) throw new AppError('too_large');
  if (declared !== null) return new Uint8Array(await request.arrayBuffer());
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body as ReadableStream<Uint8Array>) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new AppError('too_large');
    chunks.push(chunk);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}
