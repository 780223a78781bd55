/**
 * Prices of one part for the demo, EUR: what a wholesale carrier's list looks like, not a quotation. The countries that get most
 * messages have a price of their own, all others that of their region, so that no country is without one.
 */
import type { Iso2 } from '../../schema/ids';
import { COUNTRIES } from '../rules/countries';
import { MICROS_PER_UNIT, type Micros } from '../rules/money';

// prettier-ignore
const OWN_EUR: Readonly<Record<string, number>> = {
  // East and South-East Asia
  CN: 0.0278, HK: 0.0531, MO: 0.0249, TW: 0.0442, JP: 0.0681, KR: 0.0289, SG: 0.0412, MY: 0.0374, TH: 0.0141, VN: 0.0652,
  ID: 0.2987, PH: 0.0967, KH: 0.1042, LA: 0.0583, MM: 0.1189, MN: 0.0704,
  // South and Central Asia, Middle East
  IN: 0.0461, PK: 0.2314, BD: 0.1846, LK: 0.1975, NP: 0.1158, KZ: 0.1027, UZ: 0.1682, AE: 0.0381, SA: 0.0419, IL: 0.0763,
  TR: 0.0118, IQ: 0.1836, JO: 0.1871, KW: 0.1209, QA: 0.0522,
  // Europe
  GB: 0.0396, DE: 0.0795, FR: 0.0628, ES: 0.0647, IT: 0.0719, PT: 0.0331, NL: 0.0867, BE: 0.0886, CH: 0.0589, AT: 0.0741,
  PL: 0.0287, CZ: 0.0476, RO: 0.0648, HU: 0.0713, GR: 0.0592, SE: 0.0488, NO: 0.0541, DK: 0.0423, FI: 0.0682, IE: 0.0756,
  UA: 0.1134, RU: 0.4126,
  // Americas
  US: 0.0068, CA: 0.0061, MX: 0.0279, BR: 0.0313, AR: 0.0594, CL: 0.0476, CO: 0.0094, PE: 0.0517,
  // Africa and Oceania
  ZA: 0.0203, NG: 0.2436, EG: 0.2112, KE: 0.1538, MA: 0.1021, GH: 0.1963, AU: 0.0342, NZ: 0.0786,
};

/** Everywhere without a price of its own: the region's, by ISO codes. */
const REGIONS: readonly { readonly eur: number; readonly countries: string }[] = [
  { eur: 0.0852, countries: 'AD AL AX BA BG BY CY EE FO GG GI HR IM IS JE LI LT LU LV MC MD ME MK MT RS SI SJ SK SM VA XK' },
  { eur: 0.1573, countries: 'AF AM AZ BH BN BT GE IR KG KP LB MV OM PS SY TJ TL TM YE' },
  {
    eur: 0.1489,
    countries:
      'AC AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EH ER ET GA GM GN GQ GW IO KM LR LS LY MG ML MR MU MW MZ NA NE RE RW SC SD SH SL SN SO SS ST SZ TA TD TF TG TN TZ UG YT ZM ZW',
  },
  {
    eur: 0.0764,
    countries:
      'AG AI AW BB BL BM BO BQ BS BV BZ CR CU CW DM DO EC FK GD GF GL GP GS GT GY HN HT JM KN KY LC MF MQ MS NI PA PM PR PY SR SV SX TC TT UM UY VC VE VG VI',
  },
  { eur: 0.1127, countries: 'AQ AS CC CK CX FJ FM GU HM KI MH MP NC NF NR NU PF PG PN PW SB TK TO TV VU WF WS' },
];

const REGIONAL_EUR: ReadonlyMap<string, number> = new Map(
  REGIONS.flatMap(({ eur, countries }) => countries.split(' ').map((iso2) => [iso2, eur] as const)),
);

/** One price a country, for every country there is. */
export const DEMO_PRICES: readonly { readonly country: Iso2; readonly micros: Micros }[] = COUNTRIES.map(({ iso2 }) => {
  const eur = OWN_EUR[iso2] ?? REGIONAL_EUR.get(iso2);
  if (eur === undefined) throw new Error(`no demo price for ${iso2}`);
  return { country: iso2, micros: Math.round(eur * MICROS_PER_UNIT) };
});
