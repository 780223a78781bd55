/** A report as its page shows it: names and texts are found on the server, so that the browser gets words. */
import type { ReportPicture, ReportRow } from '../../schema/reports';
import type { Locale } from '../../schema/states';
import { OTHER_SENDERS } from '../../schema/limits';
import { countryName, countryOf } from '../../workers/rules/countries';
import { formatLocal } from '../../workers/rules/local-time';
import { messageErrorText } from '../../workers/rules/vonage-status';
import type { MapCountry } from '../components/world-map';

type Reason = ReportPicture['reasons'][number];
export interface ShownReason extends Reason {
  readonly text: string;
}
export interface ShownRow extends Omit<ReportRow, 'hour'> {
  readonly nameEn: string;
  readonly nameZh: string;
  /** By the clock of the reader. */
  readonly hour: string | null;
  readonly isOtherSenders: boolean;
}

/** Rows that a page shows; a file has them all. */
export const ROWS_SHOWN = 300;
const REASONS_SHOWN = 8;

export const shownRow = (row: ReportRow, timeZone: string): ShownRow => {
  const country = row.country === null ? undefined : countryOf(row.country);
  return {
    ...row,
    nameEn: country?.nameEn ?? row.country ?? '',
    nameZh: country?.nameZh ?? row.country ?? '',
    hour: row.hour === null ? null : formatLocal(row.hour, timeZone).slice(0, 16),
    isOtherSenders: row.sender === OTHER_SENDERS,
  };
};

export const shownReasons = (reasons: ReportPicture['reasons'], locale: Locale): readonly ShownReason[] =>
  reasons.slice(0, REASONS_SHOWN).map((reason) => ({ ...reason, text: reason.error === '' ? '' : messageErrorText(reason.error, locale) }));

export const mapCountries = (countries: ReportPicture['countries'], locale: Locale): readonly MapCountry[] =>
  countries
    .map(({ country, sent, delivered }) => ({ country, name: countryName(country, locale), messages: sent, delivered }))
    .filter(({ messages }) => messages > 0)
    .toSorted((a, b) => b.messages - a.messages);
