/** The text of a request: written in it, or that of a template it names; with variables, or sent as it is. */
import { AppError } from '../../../schema/errors';
import type { TemplateId, TenantId } from '../../../schema/ids';
import type { Gateways } from '../../gateways';
import { malformedVariables } from '../../rules/text-variables';

/**
 * @param isFilled what it says has variables; else braces are text like any other
 * @throws AppError invalid_request naming `template_id` or `text`
 */
export async function textOf(
  gateways: Pick<Gateways, 'tenant'>,
  tenant: TenantId,
  { text, template_id: id }: { readonly text?: string | undefined; readonly template_id?: string | undefined },
  isFilled: boolean,
): Promise<string> {
  const found = id === undefined ? text : (await gateways.tenant(tenant).templates.find(id as TemplateId))?.body;
  if (found === undefined) throw new AppError('invalid_request', { fields: [{ field: 'template_id', code: 'not_found' }] });
  if (isFilled && malformedVariables(found).length > 0)
    throw new AppError('invalid_request', { fields: [{ field: 'text', code: 'variable_syntax' }] });
  return found;
}
