/** Where messages went: a map to see, and the same countries as a table. */
import { _ } from 'compiled-i18n';
import type { Locale } from '../../schema/states';
import { number, share } from '../lib/numbers';
import { EmptyState } from './empty-state';
import { Table } from './table';
import { WorldMap, type MapCountry } from './world-map';

interface CountryVolumesProps {
  /** Most messages first. */
  readonly countries: readonly MapCountry[];
  readonly locale: Locale;
  readonly says?: string;
}

/** The table is as high as the map; the report below has them all. */
const ROWS_SHOWN = 8;

export const CountryVolumes = ({ countries, locale, says }: CountryVolumesProps) => (
  <section class="card" aria-labelledby="countries">
    <div class="title">
      <h2 id="countries">{_`Countries and regions`}</h2>
      {says !== undefined && <small class="muted">{says}</small>}
    </div>
    {countries.length === 0 ? (
      <EmptyState icon="globe" title={_`Nothing sent yet`} />
    ) : (
      <div class="geo">
        <WorldMap countries={countries} locale={locale} />
        <Table
          caption={_`Messages by country or region`}
          rows={countries.slice(0, ROWS_SHOWN)}
          rowKey={({ country }) => country}
          columns={[
            { head: _`Country or region`, wide: true, cell: ({ name }) => name },
            { head: _`Messages`, num: true, cell: ({ messages }) => number(messages, locale) },
            { head: _`Delivery rate`, num: true, cell: ({ delivered, messages }) => share(delivered, messages, locale) },
          ]}
        />
      </div>
    )}
  </section>
);
