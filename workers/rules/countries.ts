/**
 * Countries and territories with their names: ISO 3166-1, Kosovo (XK), and Ascension (AC) and Tristan da Cunha (TA), which have numbers of their own
 * without being in ISO. Names come from the sender rules; those that are absent there stand here.
 */
import senderRules from '../../schema/data/sender-rules.json';
import type { Iso2 } from '../../schema/ids';
import type { Locale } from '../../schema/states';

export interface Country {
  readonly iso2: Iso2;
  readonly nameEn: string;
  readonly nameZh: string;
  /** Calling code without plus; several countries may share one. */
  readonly dial: string;
}

/** Territories without sender rules: code, English, Chinese, calling code. */
const WITHOUT_RULES: readonly (readonly [string, string, string, string])[] = [
  ['AC', 'Ascension Island', '阿森松岛', '247'],
  ['AQ', 'Antarctica', '南极洲', '672'],
  ['AX', 'Åland Islands', '奥兰群岛', '358'],
  ['BL', 'Saint Barthélemy', '圣巴泰勒米岛', '590'],
  ['BS', 'Bahamas', '巴哈马', '1'],
  ['BV', 'Bouvet Island', '布韦岛', '47'],
  ['CC', 'Cocos (Keeling) Islands', '科科斯群岛', '61'],
  ['CW', 'Curaçao', '库拉索', '599'],
  ['CX', 'Christmas Island', '圣诞岛', '61'],
  ['EH', 'Western Sahara', '西撒哈拉', '212'],
  ['GG', 'Guernsey', '根西岛', '44'],
  ['GS', 'South Georgia and the South Sandwich Islands', '南乔治亚岛和南桑威奇群岛', '500'],
  ['HM', 'Heard Island and McDonald Islands', '赫德岛和麦克唐纳群岛', '672'],
  ['HT', 'Haiti', '海地', '509'],
  ['IM', 'Isle of Man', '马恩岛', '44'],
  ['JE', 'Jersey', '泽西岛', '44'],
  ['KP', 'North Korea', '朝鲜', '850'],
  ['MF', 'Saint Martin', '法属圣马丁', '590'],
  ['NF', 'Norfolk Island', '诺福克岛', '672'],
  ['NU', 'Niue', '纽埃', '683'],
  ['PN', 'Pitcairn Islands', '皮特凯恩群岛', '64'],
  ['SJ', 'Svalbard and Jan Mayen', '斯瓦尔巴群岛和扬马延岛', '47'],
  ['SS', 'South Sudan', '南苏丹', '211'],
  ['TA', 'Tristan da Cunha', '特里斯坦-达库尼亚群岛', '290'],
  ['TF', 'French Southern Territories', '法属南部领地', '262'],
  ['TK', 'Tokelau', '托克劳', '690'],
  ['TL', 'Timor-Leste', '东帝汶', '670'],
  ['UM', 'United States Minor Outlying Islands', '美国本土外小岛屿', '1'],
  ['VA', 'Vatican City', '梵蒂冈', '39'],
];

/** Chinese names as carriers' and customers' papers write them, where the manual differs. */
const CHINESE_NAMES: Readonly<Record<string, string>> = { CN: '中国', HK: '中国香港', MO: '中国澳门', TW: '中国台湾', MK: '北马其顿' };

/** All of them, by code. */
export const COUNTRIES: readonly Country[] = [
  ...senderRules.map(({ iso2, name_en, name_zh, dial }) => ({
    iso2: iso2 as Iso2,
    nameEn: name_en,
    nameZh: CHINESE_NAMES[iso2] ?? name_zh,
    dial,
  })),
  ...WITHOUT_RULES.map(([iso2, nameEn, nameZh, dial]) => ({ iso2: iso2 as Iso2, nameEn, nameZh, dial })),
].toSorted((a, b) => (a.iso2 < b.iso2 ? -1 : 1));

const BY_CODE: ReadonlyMap<string, Country> = new Map(COUNTRIES.map((country) => [country.iso2, country]));

/** @param text upper case */
export const isIso2 = (text: string): text is Iso2 => BY_CODE.has(text);

export const countryOf = (iso2: Iso2): Country | undefined => BY_CODE.get(iso2);

/** The code itself for a country that was stored and has since been dropped. */
export function countryName(iso2: Iso2, locale: Locale): string {
  const country = BY_CODE.get(iso2);
  if (country === undefined) return iso2;
  return locale === 'zh-CN' ? country.nameZh : country.nameEn;
}
