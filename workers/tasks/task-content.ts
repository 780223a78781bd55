/** What a user wrote in the task form, checked field by field; all faults are told at once. */
import { maySend, type Actor } from '../../schema/console';
import { AppError, type FieldError } from '../../schema/errors';
import type { Env } from '../../schema/env';
import type { CarrierAccountId } from '../../schema/ids';
import { CALLBACK_URL_MAX, TEXT_MAX_CHARACTERS } from '../../schema/limits';
import type { TaskContent } from '../../schema/protocol/task-run';
import type { Gateways } from '../gateways';
import { checkDomestic } from './domestic-content';
import { addressError } from '../rules/public-address';
import { parseSender } from '../rules/sender';
import { measureText } from '../rules/sms-parts';
import { malformedVariables } from '../rules/text-variables';

const NAME_MAX = 100;

export interface CheckedContent {
  readonly content: TaskContent;
  readonly carrierAccount: CarrierAccountId;
  readonly test: boolean;
  /** The file is there: the check can begin. */
  readonly fileComplete: boolean;
}

/** @throws AppError invalid_request naming every field that is wrong */
export async function checkContent(
  gateways: Pick<Gateways, 'env' | 'tenant' | 'database'>,
  actor: Actor,
  given: TaskContent,
): Promise<CheckedContent> {
  if (!maySend(actor)) throw new AppError('forbidden');
  const name = given.name.trim();
  const sender = parseSender(given.sender);
  const { keys, uploads } = gateways.tenant(actor.tenant);
  const key = await keys.find(given.key);
  const upload = given.upload === null ? null : await uploads.find(given.upload);
  const keyUsable = key !== null && key.kind === 'marketing' && key.enabled;
  const mainland = given.domestic ? await checkDomestic(gateways, actor.tenant, given, given.domestic) : null;
  const fields: (FieldError | null)[] = [
    ...(mainland?.wrong ?? []),
    lengthError('name', name, NAME_MAX),
    given.sender === '' ? { field: 'sender', code: 'required' } : sender.ok ? null : { field: 'sender', code: 'sender_invalid' },
    textError(given.text),
    keyUsable ? null : { field: 'key', code: 'not_found' },
    given.upload !== null && (upload === null || upload.state === 'aborted') ? { field: 'upload', code: 'not_found' } : null,
    callbackError(given.callbackUrl, gateways.env),
  ];
  const wrong = fields.filter((field) => field !== null);
  if (wrong.length > 0 || !sender.ok || !keyUsable) throw new AppError('invalid_request', { fields: wrong });
  return {
    content: { ...given, name, sender: sender.sender, ...(mainland && { text: mainland.text }) },
    carrierAccount: key.carrierAccountId,
    test: key.test,
    fileComplete: upload?.state === 'complete',
  };
}

/** @throws AppError other than invalid_request */
export async function contentFaults(
  gateways: Pick<Gateways, 'env' | 'tenant' | 'database'>,
  actor: Actor,
  given: TaskContent,
): Promise<readonly FieldError[]> {
  try {
    await checkContent(gateways, actor, given);
    return [];
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'invalid_request') return thrown.fields;
    throw thrown;
  }
}

function lengthError(field: string, text: string, max: number): FieldError | null {
  if (text === '') return { field, code: 'required' };
  return measureText(text, 'unicode').characters > max ? { field, code: 'too_long', details: { max } } : null;
}

function textError(text: string): FieldError | null {
  if (text.trim() === '') return { field: 'text', code: 'required' };
  return malformedVariables(text).length > 0 ? { field: 'text', code: 'variable_syntax' } : lengthError('text', text, TEXT_MAX_CHARACTERS);
}

function callbackError(url: string | null, { ENVIRONMENT }: Env): FieldError | null {
  if (url === null) return null;
  const code = url.length > CALLBACK_URL_MAX ? 'invalid' : addressError(url, ENVIRONMENT === 'local');
  return code === null ? null : { field: 'callbackUrl', code };
}
