/** Prices as csv: `country,price` with ISO codes and EUR a part. Pure. */
import type { Iso2 } from '../../schema/ids';
import type { PricePreview } from '../../schema/operators';
import { isIso2 } from './countries';
import { detectDelimiter, parseCsv } from './csv';
import { parseMoney } from './money';

interface Price {
  readonly country: Iso2;
  readonly micros: number;
}
export interface ReadPrices {
  readonly prices: readonly Price[];
  readonly wrong: PricePreview['wrong'];
}

/** A first line whose second cell is no price is a header. Blank lines say nothing. */
export function readPriceList(text: string): ReadPrices {
  const plain = text.replace(/^\uFEFF/, '');
  const prices: Price[] = [];
  const wrong: PricePreview['wrong'][number][] = [];
  const seen = new Set<string>();
  for (const [at, cells] of parseCsv(plain, detectDelimiter(plain)).entries()) {
    const [code = '', price = ''] = cells.map((cell) => cell.trim());
    if (cells.every((cell) => cell.trim() === '')) continue;
    const country = code.toUpperCase();
    const micros = parseMoney(price);
    if (at === 0 && micros === null && !isIso2(country)) continue;
    const refuse = (reason: PricePreview['wrong'][number]['reason']): void =>
      void wrong.push({ line: at + 1, text: cells.join(',').slice(0, 80), reason });
    if (!isIso2(country)) refuse('country');
    else if (micros === null || micros < 0) refuse('price');
    else if (seen.has(country)) refuse('repeated');
    else {
      seen.add(country);
      prices.push({ country, micros });
    }
  }
  return { prices, wrong };
}

/** @param before micro-EUR by country, as they are */
export function previewOf({ prices, wrong }: ReadPrices, before: ReadonlyMap<string, number>): PricePreview {
  const changes = prices
    .map(({ country, micros }) => ({ country, before: before.get(country) ?? null, after: micros }))
    .filter((change) => change.before !== change.after);
  return { changes, unchanged: prices.length - changes.length, wrong };
}
