/** The mainland side of a task's content: sender, signature and template are approved ones, the signature stands in front once. */
import type { DomesticFacts, DomesticOptions } from '../../schema/approvals';
import type { FieldError } from '../../schema/errors';
import type { TenantId } from '../../schema/ids';
import type { DomesticChoice, TaskContent } from '../../schema/protocol/task-run';
import type { Gateways } from '../gateways';
import { departures, fitsTemplate, signed, splitSignature, tellsOptOut } from '../rules/mainland';
import { domesticOptions } from '../tenancy/approvals';

export interface DomesticContent {
  readonly text: string;
  readonly wrong: readonly FieldError[];
}

export async function checkDomestic(
  gateways: Pick<Gateways, 'database'>,
  tenant: TenantId,
  given: Pick<TaskContent, 'sender' | 'text'>,
  choice: DomesticChoice,
): Promise<DomesticContent> {
  const options = await domesticOptions(gateways, tenant);
  const { signature, template } = chosen(options, choice);
  const wrong: FieldError[] = [];
  if (!options.senders.some(({ value }) => value === given.sender)) wrong.push({ field: 'sender', code: 'not_approved' });
  if (!signature) wrong.push({ field: 'signature', code: 'not_approved' });
  if (!template) wrong.push({ field: 'template', code: 'not_approved' });
  if (!signature) return { text: given.text, wrong };
  const text = given.text.trim() === '' ? given.text : signed(signature.name, given.text);
  const body = bodyOf(text);
  if (splitSignature(body)) wrong.push({ field: 'text', code: 'signature_in_body' });
  else if (options.exact && template && !fitsTemplate(template.body, body)) wrong.push({ field: 'text', code: 'departs_from_template' });
  return { text, wrong };
}

const chosen = ({ signatures, templates }: DomesticOptions, choice: DomesticChoice) => ({
  signature: signatures.find(({ id }) => id === choice.signature),
  template: templates.find(({ id }) => id === choice.template),
});

const bodyOf = (text: string): string => splitSignature(text)?.body ?? text;

/** What the summary of a domestic task says; null where its approvals are gone since. */
export async function domesticFacts(
  gateways: Pick<Gateways, 'database'>,
  tenant: TenantId,
  text: string,
  choice: DomesticChoice,
): Promise<DomesticFacts | null> {
  const { signature, template } = chosen(await domesticOptions(gateways, tenant), choice);
  if (!signature || !template) return null;
  const body = bodyOf(text);
  const marked = departures(template.body, body);
  return {
    signature: signature.name,
    template: template.name,
    departures: marked,
    departs: marked.some(({ kind }) => kind !== 'same'),
    lacksOptOut: !tellsOptOut(body),
  };
}
