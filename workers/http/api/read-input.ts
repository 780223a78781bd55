/** A request's path, query and body against their shapes. Every refusal names its field as the client wrote it. */
import type { z } from 'zod';
import { AppError, FIELD_ERRORS, type FieldError, type FieldErrorCode } from '../../../schema/errors';
import { API_BODY_MAX_BYTES } from '../../../schema/limits';
import { readJsonText } from '../../rules/json-text';
import { readAtMost, utf8Of } from '../body';

/** A list of a thousand mistakes helps nobody. */
const ERRORS_SHOWN = 50;

/** @throws AppError too_large */
export const readBytes = (request: Request): Promise<Uint8Array> => readAtMost(request, API_BODY_MAX_BYTES);

/** @throws AppError unsupported_media_type, malformed_json, invalid_request */
export function jsonOf(request: Request, bytes: Uint8Array): unknown {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/(?:[\w.+-]+\+)?json\s*(?:;\s*charset\s*=\s*"?utf-?8"?\s*)?$/i.test(type))
    throw new AppError('unsupported_media_type');
  return parsedJson(utf8Of(bytes));
}

/** @throws AppError malformed_json, or invalid_request naming a key that is there twice */
function parsedJson(text: string): unknown {
  const read = readJsonText(text);
  if (read.ok) return read.value;
  if (read.duplicate === null) throw new AppError('malformed_json');
  throw new AppError('invalid_request', { fields: [{ field: read.duplicate, code: 'duplicate_field' }] });
}

/** @throws AppError invalid_request for a name that is there twice */
export function queryOf(parameters: URLSearchParams): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of parameters) {
    if (Object.hasOwn(values, name)) throw new AppError('invalid_request', { fields: [{ field: name, code: 'duplicate_field' }] });
    Object.defineProperty(values, name, { value, enumerable: true });
  }
  return values;
}

/** @throws AppError invalid_request */
export function checked<Shape extends z.ZodType>(shape: Shape, value: unknown): z.output<Shape> {
  const result = shape.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  throw new AppError('invalid_request', { fields: result.error.issues.flatMap((issue) => fieldErrors(issue, [])).slice(0, ERRORS_SHOWN) });
}

type Path = readonly PropertyKey[];

function fieldErrors(issue: z.core.$ZodIssue, above: Path): FieldError[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ field: fieldPath([...path, key]), code: 'unknown_field' }));
  if (issue.code === 'invalid_union') {
    const branch = nearest(issue.errors);
    if (branch) return branch.flatMap((inner) => fieldErrors(inner, path));
  }
  return [{ field: fieldPath(path), ...codeOf(issue) }];
}

/** Of the shapes that a value may have, the one that it was meant to have: whose mistakes lie inside it. */
function nearest(branches: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] | undefined {
  return branches.find((issues) => issues.every((issue) => issue.path.length > 0 || issue.code !== 'invalid_type'));
}

const fieldPath = (path: Path): string =>
  path.reduce<string>(
    (whole, step) => (typeof step === 'number' ? `${whole}[${step}]` : whole === '' ? String(step) : `${whole}.${String(step)}`),
    '',
  );

const isFieldCode = (code: unknown): code is FieldErrorCode => typeof code === 'string' && Object.hasOwn(FIELD_ERRORS, code);

function codeOf(issue: z.core.$ZodIssue): Pick<FieldError, 'code' | 'details'> {
  if (issue.code === 'custom' && isFieldCode(issue.params?.['code'])) {
    return { code: issue.params['code'], details: (issue.params['details'] ?? {}) as Record<string, string | number> };
  }
  if (issue.code === 'invalid_format' && issue.input === '') return { code: 'required' };
  if (issue.code === 'too_big') {
    if (issue.origin === 'string') return { code: 'too_long', details: { max: Number(issue.maximum) } };
    return issue.origin === 'array' ? { code: 'too_many', details: { max: Number(issue.maximum) } } : { code: 'invalid' };
  }
  if (issue.code === 'too_small' && issue.origin !== 'number' && issue.origin !== 'int') return { code: 'required' };
  if ((issue.code === 'invalid_type' || issue.code === 'invalid_union') && issue.input === undefined) return { code: 'required' };
  return { code: 'invalid' };
}
