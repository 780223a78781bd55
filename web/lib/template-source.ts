/** Templates for their pages. Server only. */
import type { RequestEventCommon } from '@builder.io/qwik-city';
import type { TemplateId } from '../../schema/ids';
import type { TemplateView } from '../../schema/templates';
import { countryOptions } from './country-options';
import { actorOf, localeOf, servicesOf } from './platform';

export const templateIdOf = (event: RequestEventCommon): TemplateId => (event.params['id'] ?? '') as TemplateId;

/** @throws AppError not_found */
export const readOwnTemplate = (event: RequestEventCommon): Promise<TemplateView> =>
  servicesOf(event).templates.find(actorOf(event), templateIdOf(event));

export interface CountryPrice {
  readonly country: string;
  readonly name: string;
  /** Micro-EUR of one part. */
  readonly unitMicros: number;
}

/** Countries that have a price, by name in the reader's language. */
export async function countryPrices(event: RequestEventCommon): Promise<readonly CountryPrice[]> {
  const units = new Map(
    (await servicesOf(event).templates.prices(actorOf(event))).map(({ country, unitMicros }) => [country as string, unitMicros]),
  );
  return countryOptions(localeOf(event)).flatMap(({ value, label }) => {
    const unitMicros = units.get(value);
    return unitMicros === undefined ? [] : [{ country: value, name: label, unitMicros }];
  });
}
