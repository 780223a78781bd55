/** The platform as its own customer: sign-in codes to phones leave through this tenant's transactional key. */
import { newKeySecret, type CarrierAccountId, type KeyId, type TenantId } from '../../schema/ids';
import type { Gateways } from '../gateways';
import { addTenant } from '../gateways/stores/provisioning';
import { makeKey } from './make-key';

export const SYSTEM_TENANT = 'tn_SYSTEM00000000000000' as TenantId;
export const SYSTEM_KEY = 'JMSYSTEMC0DES001' as KeyId;
export const SYSTEM_SENDER = 'JINMU';
/** Codes a second over all customers: a morning's rush, and an end to a flood. */
const CODES_PER_SECOND = 100;

/** @param carrierAccount who carries the codes. Nobody knows the key's secret: only the platform itself sends with it. */
export async function makeSystemTenant(
  gateways: Pick<Gateways, 'database' | 'objects'>,
  carrierAccount: CarrierAccountId,
  now: number,
): Promise<void> {
  await addTenant(gateways.database, { id: SYSTEM_TENANT, name: 'JMC', createdAt: now });
  await makeKey(
    gateways,
    {
      tenant: SYSTEM_TENANT,
      name: 'Sign-in codes',
      kind: 'transactional',
      test: false,
      carrierAccount,
      perSecond: CODES_PER_SECOND,
      fixed: { id: SYSTEM_KEY, secret: newKeySecret() },
    },
    now,
  );
}
