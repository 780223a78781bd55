/** Keys of a tenant as its users see them: what D1 knows and what the gate knows. */
import type { Actor } from '../../schema/console';
import { AppError } from '../../schema/errors';
import type { KeyId } from '../../schema/ids';
import type { KeyView } from '../../schema/keys';
import { KEY_DEFAULT_PER_SECOND } from '../../schema/limits';
import type { Gateways } from '../gateways';
import type { KeyRow } from '../gateways/stores/keys';

type Needed = Pick<Gateways, 'tenant' | 'objects'>;

export const listKeys = async (gateways: Needed, actor: Actor): Promise<readonly KeyView[]> =>
  Promise.all((await gateways.tenant(actor.tenant).keys.all()).map((row) => view(gateways, row)));

/** @throws AppError not_found */
export async function findKey(gateways: Needed, actor: Actor, id: KeyId): Promise<KeyView> {
  return view(gateways, await ownKey(gateways, actor, id));
}

/** @throws AppError not_found, the same for another tenant's key as for one that does not exist */
export async function ownKey({ tenant }: Pick<Gateways, 'tenant'>, actor: Actor, id: KeyId): Promise<KeyRow> {
  const row = await tenant(actor.tenant).keys.find(id);
  if (!row) throw new AppError('not_found');
  return row;
}

async function view({ objects }: Needed, { id, name, kind, test, createdAt }: KeyRow): Promise<KeyView> {
  const { settings, secrets, usedAt } = await objects.keyGate(id).facts();
  return {
    id,
    name,
    kind,
    test,
    enabled: settings?.enabled ?? false,
    perSecond: settings?.perSecond ?? KEY_DEFAULT_PER_SECOND,
    ipAllowlist: settings?.ipAllowlist ?? [],
    dailyMessages: settings?.dailyMessages ?? null,
    dailySpendMicros: settings?.dailySpendMicros ?? null,
    countries: settings?.countries ?? null,
    secrets,
    signatureMethod: settings?.signature?.method ?? null,
    usedAt,
    createdAt,
  };
}
