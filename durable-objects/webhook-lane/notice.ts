/** Tells the owners of a tenant that their endpoint was switched off. */
import type { EndpointTrouble } from '../../schema/states';
import type { Gateways } from '../../workers/gateways';
import { sendMail } from '../../workers/gateways/mail';
import { ownersOf, type WebhookTarget } from '../../workers/gateways/stores/endpoints';
import { endpointOffText } from '../../workers/rules/endpoint-notice';

/** A mail that cannot be sent changes nothing: the console shows the trouble as well. */
export async function tellOwners(
  gateways: Pick<Gateways, 'env' | 'database'>,
  { tenant, name, url }: WebhookTarget,
  trouble: EndpointTrouble,
  now: number,
): Promise<void> {
  try {
    for (const { email, locale } of await ownersOf(gateways.database, tenant)) {
      const page = `${gateways.env.PUBLIC_URL}/webhooks`;
      await sendMail(gateways, { to: email, ...endpointOffText(locale, { name, url, trouble, page }) }, now);
    }
  } catch (thrown) {
    console.error(JSON.stringify({ webhooks: 'notice', unexpected: thrown instanceof Error ? thrown.name : typeof thrown }));
  }
}
