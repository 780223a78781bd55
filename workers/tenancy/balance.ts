import type { Actor, BalanceView } from '../../schema/console';
import type { Gateways } from '../gateways';

const CURRENCY = 'EUR';

/** What the actor's tenant has, what is held for tasks, what is free. */
export async function balance({ objects }: Pick<Gateways, 'objects'>, actor: Actor): Promise<BalanceView> {
  return { ...(await objects.ledger(actor.tenant).balance()), currency: CURRENCY };
}
