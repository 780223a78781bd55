/** The console's verbs about international templates. */
import type { TemplateServices } from '../../schema/templates';
import type { Gateways } from '../gateways';
import { createTemplate, editTemplate, findTemplate, listTemplates, removeTemplate, templatePrices } from '../tenancy/templates';

export const bindTemplates = (gateways: Gateways): TemplateServices => ({
  list: (actor, search, cursor) => listTemplates(gateways, actor, search, cursor),
  find: (actor, id) => findTemplate(gateways, actor, id),
  create: (actor, form) => createTemplate(gateways, actor, form, Date.now()),
  edit: (actor, id, form) => editTemplate(gateways, actor, id, form, Date.now()),
  remove: (actor, id) => removeTemplate(gateways, actor, id, Date.now()),
  prices: (actor) => templatePrices(gateways, actor),
});
