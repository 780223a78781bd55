/** The tenant's users for a select, whoever looks first. */
import type { RequestEventCommon } from '@builder.io/qwik-city';
import type { Option } from '../components/field';
import { actorOf, servicesOf } from './platform';

export async function userOptions(event: RequestEventCommon): Promise<readonly Option[]> {
  const actor = actorOf(event);
  const others = (await servicesOf(event).colleagues(actor)).filter(({ id }) => id !== actor.user);
  return [{ id: actor.user, name: actor.name }, ...others].map(({ id, name }) => ({ value: id, label: name }));
}
