/** International templates: texts that the tenant keeps for its tasks and for calls of the API that name them. */
import { isText } from '../../schema/api/common';
import { maySend, type Actor, type Page } from '../../schema/console';
import { AppError, type FieldError } from '../../schema/errors';
import { newTemplateId, type Iso2, type TemplateId } from '../../schema/ids';
import { PAGE_ROWS, TEMPLATE_NAME_MAX, TEMPLATE_SAMPLE_MAX, TEMPLATES_PER_TENANT, TEXT_MAX_CHARACTERS } from '../../schema/limits';
import type { TemplateForm, TemplateView } from '../../schema/templates';
import type { Gateways } from '../gateways';
import { recordDeed, type AuditEntry } from '../gateways/stores/audit';
import { pageOf, readPlace } from '../rules/list-place';
import { measureText } from '../rules/sms-parts';
import { malformedVariables, parseTemplate } from '../rules/text-variables';

type Needed = Pick<Gateways, 'tenant' | 'database'>;

/** Changed last first. @throws invalid_request naming `cursor` */
export async function listTemplates(
  gateways: Pick<Gateways, 'tenant'>,
  actor: Actor,
  search: string,
  cursor: string | null,
): Promise<Page<TemplateView>> {
  const found = await gateways.tenant(actor.tenant).templates.page(search, readPlace(cursor), PAGE_ROWS + 1);
  return pageOf(found, PAGE_ROWS, ({ updatedAt, id }) => ({ at: updatedAt, id }));
}

/** @throws not_found, the same for another tenant's id as for one that does not exist */
export async function findTemplate(gateways: Pick<Gateways, 'tenant'>, actor: Actor, id: TemplateId): Promise<TemplateView> {
  const found = await gateways.tenant(actor.tenant).templates.find(id);
  if (!found) throw new AppError('not_found');
  return found;
}

/** @throws forbidden, templates_full, invalid_request with every field that is wrong */
export async function createTemplate(gateways: Needed, actor: Actor, form: TemplateForm, now: number): Promise<TemplateId> {
  mayChange(actor);
  const content = checked(form);
  const { templates } = gateways.tenant(actor.tenant);
  if ((await templates.count()) >= TEMPLATES_PER_TENANT) throw new AppError('templates_full', { details: { max: TEMPLATES_PER_TENANT } });
  const id = newTemplateId();
  if (!(await templates.add({ id, ...content, createdAt: now, updatedAt: now }))) throw nameTaken();
  await audit(gateways, actor, { action: 'template_made', subject: id, after: templateFacts(content) }, now);
  return id;
}

/** @throws forbidden, not_found, invalid_request with every field that is wrong */
export async function editTemplate(gateways: Needed, actor: Actor, id: TemplateId, form: TemplateForm, now: number): Promise<void> {
  mayChange(actor);
  const before = templateFacts(await findTemplate(gateways, actor, id));
  const content = checked(form);
  const { templates } = gateways.tenant(actor.tenant);
  if (!(await templates.change(id, { ...content, updatedAt: now }))) throw nameTaken();
  await audit(gateways, actor, { action: 'template_changed', subject: id, before, after: templateFacts(content) }, now);
}

/** Tasks that were made from it keep their text. @throws forbidden, not_found */
export async function removeTemplate(gateways: Needed, actor: Actor, id: TemplateId, now: number): Promise<void> {
  mayChange(actor);
  const before = templateFacts(await findTemplate(gateways, actor, id));
  if (!(await gateways.tenant(actor.tenant).templates.remove(id))) throw new AppError('not_found');
  await audit(gateways, actor, { action: 'template_removed', subject: id, before }, now);
}

/** Micro-EUR of one part by country, as the tenant pays it. */
export async function templatePrices(
  gateways: Pick<Gateways, 'tenant'>,
  actor: Actor,
): Promise<readonly { readonly country: Iso2; readonly unitMicros: number }[]> {
  const prices = await gateways.tenant(actor.tenant).prices();
  return Object.entries(prices).map(([country, unitMicros]) => ({ country: country as Iso2, unitMicros }));
}

/** @throws forbidden for those who only look */
function mayChange(actor: Actor): void {
  if (!maySend(actor)) throw new AppError('forbidden');
}

const nameTaken = (): AppError => new AppError('invalid_request', { fields: [{ field: 'name', code: 'name_taken' }] });

/** As it is kept: the name without blanks around it, line ends as messages count them, samples of the variables that there are. */
function checked({ name: typed, body: written, samples: given }: TemplateForm): TemplateForm {
  const name = typed.trim();
  const body = written.replaceAll('\r\n', '\n');
  const names = new Set(parseTemplate(body).names);
  const samples = Object.fromEntries(Object.entries(given).filter(([variable, value]) => names.has(variable) && value !== ''));
  const wrong = [
    textError('name', name, TEMPLATE_NAME_MAX),
    textError('body', body, TEXT_MAX_CHARACTERS) ??
      (malformedVariables(body).length > 0 ? { field: 'body', code: 'variable_syntax' as const } : null),
    ...Object.entries(samples).map(([variable, value]) => textError(`samples.${variable}`, value, TEMPLATE_SAMPLE_MAX)),
  ].filter((fault) => fault !== null);
  if (wrong.length > 0) throw new AppError('invalid_request', { fields: wrong });
  return { name, body, samples };
}

function textError(field: string, text: string, max: number): FieldError | null {
  if (text.trim() === '') return { field, code: 'required' };
  if (!isText(text)) return { field, code: 'not_text' };
  return measureText(text, 'unicode').characters > max ? { field, code: 'too_long', details: { max } } : null;
}

/** What the audit log says of a template: of its texts, how long they are. */
const templateFacts = ({ name, body, samples }: TemplateForm) => ({
  name,
  characters: measureText(body, 'unicode').characters,
  variables: Object.keys(samples),
});

const audit = ({ database }: Needed, actor: Actor, deed: Pick<AuditEntry, 'action' | 'subject' | 'before' | 'after'>, at: number) =>
  recordDeed(database, actor, deed, at);
