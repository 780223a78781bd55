/** Rows of the log as a page shows them: names and texts are found on the server, so that the browser gets words. */
import type { RequestEventCommon } from '@builder.io/qwik-city';
import type { LogRow } from '../../schema/protocol/message-shard';
import { MESSAGE_STATES, type Locale } from '../../schema/states';
import { countryOf } from '../../workers/rules/countries';
import { messageErrorText } from '../../workers/rules/vonage-status';

export interface ShownMessage extends LogRow {
  /** In the reader's language, then in the other one: both are columns of the log. */
  readonly countryName: string;
  readonly otherName: string;
  readonly errorText: string | null;
}

export function shownMessage(row: LogRow, locale: Locale): ShownMessage {
  const country = countryOf(row.country);
  const [countryName, otherName] = locale === 'zh-CN' ? [country?.nameZh, country?.nameEn] : [country?.nameEn, country?.nameZh];
  return {
    ...row,
    countryName: countryName ?? row.country,
    otherName: otherName ?? '',
    errorText: row.error === null ? null : messageErrorText(row.error, locale),
  };
}

/** The filter without the page: what an export asks for as well. */
export function filterQuery(event: RequestEventCommon): URLSearchParams {
  const query = new URLSearchParams(event.url.search);
  for (const name of ['cursor', 'qaction']) query.delete(name);
  return query;
}

export const asMessageState = (text: string) => MESSAGE_STATES.find((state) => state === text);
