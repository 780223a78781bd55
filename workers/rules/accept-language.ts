/** `Accept-Language` (RFC 9110): which of our languages its reader likes best. */
import type { Locale } from '../../schema/states';

/** Looked at, so that a long header costs no more than a short one. */
const RANGES_MAX = 30;
const QUALITY = /^q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/i;

/** Chinese in every script and region, English of every country. */
const LANGUAGES: Readonly<Record<string, Locale>> = { zh: 'zh-CN', en: 'en' };

/** @returns null when the header is silent, asks for none of ours, or likes both equally little */
export function preferredLocale(header: string | null): Locale | null {
  let best: { readonly locale: Locale; readonly quality: number } | null = null;
  for (const range of header?.split(',', RANGES_MAX) ?? []) {
    const [tag = '', ...parameters] = range.split(';').map((piece) => piece.trim());
    const locale = LANGUAGES[tag.toLowerCase().split('-', 1)[0] ?? ''];
    const quality = qualityOf(parameters);
    // Of two that are liked alike, the one that is named first.
    if (locale !== undefined && quality > (best?.quality ?? 0)) best = { locale, quality };
  }
  return best?.locale ?? null;
}

/** A quality that cannot be read is none at all: the range is taken for unwanted rather than for the favourite. */
function qualityOf(parameters: readonly string[]): number {
  const given = parameters.find((parameter) => /^q\s*=/i.test(parameter));
  if (given === undefined) return 1;
  const read = QUALITY.exec(given.replaceAll(/\s/g, ''))?.[1];
  return read === undefined ? 0 : Number(read);
}
