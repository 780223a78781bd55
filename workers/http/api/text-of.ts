/** The text of a request: written in it, or that of a template it names. */
import { AppError } from '../../../schema/errors';
import type { TemplateId, TenantId } from '../../../schema/ids';
import type { Gateways } from '../../gateways';
import { malformedVariables } from '../../rules/text-variables';

/** @throws AppError invalid_request naming `template_id` or `text` */
export async function textOf(
  gateways: Pick<Gateways, 'tenant'>,
  tenant: TenantId,
  { text, template_id: id }: { readonly text?: string | undefined; readonly template_id?: string | undefined },
): Promise<string> {
  const found = id === undefined ? text : (await gateways.tenant(tenant).templates.find(id as TemplateId))?.body;
  if (found === undefined) throw new AppError('invalid_request', { fields: [{ field: 'template_id', code: 'not_found' }] });
  if (malformedVariables(found).length > 0) throw new AppError('invalid_request', { fields: [{ field: 'text', code: 'variable_syntax' }] });
  return found;
}
