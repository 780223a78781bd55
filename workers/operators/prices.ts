/** Price lists: everybody's, and what one tenant pays otherwise. A csv is looked at before it is taken. */
import type { Iso2, TenantId } from '../../schema/ids';
import { AppError } from '../../schema/errors';
import type { Operator, PriceItem, PricePreview } from '../../schema/operators';
import type { Gateways } from '../gateways';
import { dropPrice, priceList, putPrices } from '../gateways/stores/prices';
import { previewOf, readPriceList } from '../rules/price-list';
import { auditOperator } from './audit';
import { tenantRow } from './tenants';

type Needed = Pick<Gateways, 'database'>;

export async function operatorPrices(gateways: Needed, tenant: TenantId | null): Promise<readonly PriceItem[]> {
  if (tenant !== null) await tenantRow(gateways, tenant);
  const list = await priceList(gateways.database, tenant ?? '');
  return list.map(({ country, micros, updatedAt }) => ({ country: country as Iso2, micros, updatedAt }));
}

/** @throws invalid_request naming `csv` where it holds no price at all */
export async function previewPrices(gateways: Needed, tenant: TenantId | null, csv: string): Promise<PricePreview> {
  const read = readPriceList(csv);
  if (read.prices.length === 0 && read.wrong.length === 0)
    throw new AppError('invalid_request', { fields: [{ field: 'csv', code: 'required' }] });
  const before = await operatorPrices(gateways, tenant);
  return previewOf(read, new Map(before.map(({ country, micros }) => [country, micros])));
}

/** Countries that the csv does not name stay as they are. @throws invalid_request naming `csv` with any line wrong: nothing is taken then */
export async function importPrices(
  gateways: Needed,
  operator: Operator,
  tenant: TenantId | null,
  csv: string,
  now: number,
): Promise<PricePreview> {
  const preview = await previewPrices(gateways, tenant, csv);
  if (preview.wrong.length > 0) throw new AppError('invalid_request', { fields: [{ field: 'csv', code: 'invalid' }] });
  if (preview.changes.length === 0) return preview;
  await putPrices(
    gateways.database,
    tenant ?? '',
    preview.changes.map(({ country, after }) => ({ country, micros: after })),
    now,
  );
  const side = (name: 'before' | 'after') => Object.fromEntries(preview.changes.map((change) => [change.country, change[name]]));
  const deed = { action: 'prices_imported', tenant, subject: tenant ?? 'everybody', before: side('before'), after: side('after') } as const;
  await auditOperator(gateways, operator, deed, now);
  return preview;
}

/** The tenant pays what everybody pays there again. @throws not_found */
export async function removePrice(gateways: Needed, operator: Operator, tenant: TenantId, country: Iso2, now: number): Promise<void> {
  const micros = await dropPrice(gateways.database, tenant, country);
  if (micros === null) throw new AppError('not_found');
  await auditOperator(gateways, operator, { action: 'price_removed', tenant, subject: tenant, before: { [country]: micros } }, now);
}
