/** What the task form offers, and what it shows while the user types. */
import type { Actor, TaskFormOptions, TextMeasure } from '../../schema/console';
import type { TextType } from '../../schema/states';
import type { Gateways } from '../gateways';
import { domesticOptions } from '../tenancy/approvals';
import { measureText } from '../rules/sms-parts';

export async function taskFormOptions(gateways: Pick<Gateways, 'tenant' | 'database'>, actor: Actor): Promise<TaskFormOptions> {
  const stores = gateways.tenant(actor.tenant);
  const [senders, templates, keys, domestic] = await Promise.all([
    stores.senders(),
    stores.templates.all(),
    stores.keys.marketing(),
    domesticOptions(gateways, actor.tenant),
  ]);
  return {
    senders,
    templates: templates.map(({ id, name, body, samples }) => ({ id, name, body, samples })),
    domestic,
    keys: keys.map(({ id, name, test }) => ({ id, name, test })),
  };
}

export function measure(text: string, type: TextType): TextMeasure {
  const { encoding, characters, parts } = measureText(text, type);
  return { encoding, characters, parts };
}
