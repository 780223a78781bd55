import { component$ } from '@builder.io/qwik';
import { routeAction$, routeLoader$, useLocation, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { formatDay } from '../../../../../workers/rules/local-time';
import { CountryVolumes } from '../../../../components/country-volumes';
import { ExportForm } from '../../../../components/export-form';
import { FailureReasons } from '../../../../components/failure-reasons';
import { SelectField, TextField } from '../../../../components/field';
import { FilterBar, filterText, type ActiveFilter } from '../../../../components/filter-bar';
import { LegacyHead } from '../../../../components/legacy-head';
import { Note } from '../../../../components/note';
import { Pick } from '../../../../components/pick';
import { ReportTable } from '../../../../components/report-table';
import { TrendChart } from '../../../../components/trend-chart';
import { countryOptions } from '../../../../lib/country-options';
import { postedFormat } from '../../../../lib/export-choice';
import { LEGACY_GROUPINGS, reportGroupingLabel } from '../../../../lib/labels';
import { readLegacyReportQuery } from '../../../../lib/legacy-report';
import { attempt } from '../../../../lib/outcome';
import { actionPath, withoutValue, withQuery } from '../../../../lib/paths';
import { actorOf, localeOf, servicesOf } from '../../../../lib/platform';
import { mapCountries, ROWS_SHOWN, shownReasons, shownRow } from '../../../../lib/report-source';

export const useLegacyReport = routeLoader$(async (event) => {
  const actor = actorOf(event);
  const { timeZone } = actor;
  const locale = localeOf(event);
  const tried = await attempt(event, async () => {
    const { filter, groupBy } = readLegacyReportQuery(event.query, timeZone);
    const { report, series, seriesOf, countries, reasons } = await servicesOf(event).reportPicture(actor, filter, groupBy);
    return {
      groupBy,
      from: formatDay(filter.from, timeZone),
      until: formatDay(filter.until - 1, timeZone),
      sum: report.sum,
      rows: report.rows.slice(0, ROWS_SHOWN).map((row) => shownRow(row, timeZone)),
      hidden: Math.max(0, report.rows.length - ROWS_SHOWN) + report.leftOut,
      series,
      seriesOf,
      countries: mapCountries(countries, locale),
      reasons: shownReasons(reasons, locale),
    };
  });
  return {
    done: 'done' in tried ? tried.done : null,
    refusal: 'refused' in tried ? tried.refused : null,
    countries: countryOptions(locale),
    locale,
  };
});

/** The filter is in the address that the form posts to, so what is exported is what is seen. */
export const useExport = routeAction$(async (form, event) => {
  const actor = actorOf(event);
  const tried = await attempt(event, async () => {
    const { filter, groupBy } = readLegacyReportQuery(event.query, actor.timeZone);
    const format = postedFormat(form);
    return await servicesOf(event).startExport(actor, { kind: 'report', format, filter: { ...filter, groupBy }, bom: true });
  });
  if ('refused' in tried) return tried.refused;
  throw event.redirect(303, '/downloads');
});

export default component$(() => {
  const { done, refusal, countries, locale } = useLegacyReport().value;
  const start = useExport();
  const { url } = useLocation();
  const query = url.searchParams;
  const value = (name: string): string => query.get(name) ?? '';
  const errors = refusal?.fields ?? {};
  const chosenCountries = query.getAll('country').filter((code) => code !== '');
  const active: ActiveFilter[] = [
    ...chosenCountries.map((code) => ({
      text: countries.find((option) => option.value === code)?.label ?? code,
      without: withoutValue(url, 'country', code),
    })),
    ...(value('sender') === '' ? [] : [{ text: filterText('From', value('sender')), without: withQuery(url, { sender: null }) }]),
  ];
  const course = done?.seriesOf === 'hour' ? _`Sent and delivered by hour` : _`Sent and delivered by day`;
  return (
    <>
      <LegacyHead tab="reports">{done && <ExportForm action={actionPath(start.actionPath, url)} kinds={['report']} />}</LegacyHead>
      {start.value && <Note tone="bad">{start.value.message}</Note>}
      {refusal && <Note tone="bad">{refusal.message}</Note>}
      <FilterBar action="/legacy/reports" active={active}>
        <TextField
          name="receivedFrom"
          label={_`From day`}
          type="date"
          value={value('receivedFrom') || (done?.from ?? '')}
          error={errors['receivedFrom']}
        />
        <TextField
          name="receivedUntil"
          label={_`Until day`}
          type="date"
          value={value('receivedUntil') || (done?.until ?? '')}
          error={errors['receivedUntil']}
        />
        <Pick
          name="country"
          label={_`Country or region`}
          options={countries}
          chosen={chosenCountries}
          seek={_`Search countries`}
          error={errors['country']}
        />
        <TextField name="sender" label="From" value={value('sender')} error={errors['sender']} />
        <SelectField
          name="groupBy"
          label={_`Group by`}
          value={done?.groupBy.join(',') ?? value('groupBy')}
          error={errors['groupBy']}
          options={LEGACY_GROUPINGS.map((grouping) => ({ value: grouping, label: reportGroupingLabel(grouping) }))}
        />
      </FilterBar>
      {done && (
        <>
          <div class="two">
            <section class="card" aria-labelledby="course">
              <div class="title">
                <h2 id="course">{course}</h2>
              </div>
              <div class="in">
                <TrendChart points={done.series} caption={course} locale={locale} />
              </div>
            </section>
            <FailureReasons reasons={done.reasons} locale={locale} />
          </div>
          <CountryVolumes countries={done.countries} locale={locale} />
          <ReportTable rows={done.rows} sum={done.sum} groupBy={done.groupBy} hidden={done.hidden} locale={locale} />
        </>
      )}
    </>
  );
});

export const head: DocumentHead = () => ({ title: `${_`Data before July 2021`} · ${_`Reports`}` });
