import { component$ } from '@builder.io/qwik';
import { routeAction$, routeLoader$, useLocation, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { API_USER, type ReportFigures } from '../../../../schema/reports';
import { TRAFFIC_KINDS, type Locale } from '../../../../schema/states';
import { formatDay } from '../../../../workers/rules/local-time';
import { readReportQuery } from '../../../../workers/rules/report-query';
import { CountryVolumes } from '../../../components/country-volumes';
import { ExportForm } from '../../../components/export-form';
import { FailureReasons } from '../../../components/failure-reasons';
import { SelectField, TextField } from '../../../components/field';
import { FilterBar, filterText, type ActiveFilter } from '../../../components/filter-bar';
import { Kpi } from '../../../components/kpi';
import { Note } from '../../../components/note';
import { PeriodPicker } from '../../../components/period-picker';
import { Pick } from '../../../components/pick';
import { ReportTable } from '../../../components/report-table';
import { TrendChart } from '../../../components/trend-chart';
import { money } from '../../../lib/amounts';
import { countryOptions } from '../../../lib/country-options';
import { postedFormat } from '../../../lib/export-choice';
import { reportGroupingLabel, REPORT_GROUPINGS, trafficKindLabel } from '../../../lib/labels';
import { number, share } from '../../../lib/numbers';
import { attempt } from '../../../lib/outcome';
import { namedPeriods } from '../../../lib/periods';
import { actionPath, withoutValue, withQuery } from '../../../lib/paths';
import { actorOf, localeOf, servicesOf } from '../../../lib/platform';
import { mapCountries, ROWS_SHOWN, shownReasons, shownRow } from '../../../lib/report-source';

export const useReport = routeLoader$(async (event) => {
  const actor = actorOf(event);
  const { timeZone } = actor;
  const locale = localeOf(event);
  const services = servicesOf(event);
  const now = Date.now();
  const [tried, names] = await Promise.all([
    attempt(event, async () => {
      const { filter, groupBy } = readReportQuery(event.query, timeZone, now);
      const { report, series, seriesOf, countries, reasons } = await services.reportPicture(actor, filter, groupBy);
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
    }),
    services.reportNames(actor),
  ]);
  return {
    done: 'done' in tried ? tried.done : null,
    refusal: 'refused' in tried ? tried.refused : null,
    users: [...names.users.map(({ id, name }) => ({ value: id as string, label: name })), { value: API_USER, label: 'API' }],
    keys: names.keys.map(({ id, name }) => ({ value: id as string, label: name })),
    periods: namedPeriods(now, timeZone),
    countries: countryOptions(locale),
    locale,
    timeZone,
  };
});

/** The filter is in the address that the form posts to, so what is exported is what is seen. */
export const useExport = routeAction$(async (form, event) => {
  const actor = actorOf(event);
  const tried = await attempt(event, async () => {
    const { filter, groupBy } = readReportQuery(event.query, actor.timeZone, Date.now());
    return await servicesOf(event).startExport(actor, {
      kind: 'report',
      format: postedFormat(form),
      filter: { ...filter, groupBy },
      bom: true,
    });
  });
  if ('refused' in tried) return tried.refused;
  throw event.redirect(303, '/downloads');
});

const FURTHER = ['key', 'sender'] as const;

export default component$(() => {
  const { done, refusal, users, keys, periods, countries, locale, timeZone } = useReport().value;
  const start = useExport();
  const { url } = useLocation();
  const query = url.searchParams;
  const value = (name: string): string => query.get(name) ?? '';
  const errors = refusal?.fields ?? {};
  const from = value('receivedFrom') || (done?.from ?? '');
  const until = value('receivedUntil') || (done?.until ?? '');
  const chosenCountries = query.getAll('country').filter((code) => code !== '');
  const drop = (name: string): string => withQuery(url, { [name]: null });
  const active: ActiveFilter[] = [
    ...chosenCountries.map((code) => ({
      text: countries.find((option) => option.value === code)?.label ?? code,
      without: withoutValue(url, 'country', code),
    })),
    ...TRAFFIC_KINDS.filter((kind) => kind === value('kind')).map((kind) => ({ text: trafficKindLabel(kind), without: drop('kind') })),
    ...users
      .filter((user) => user.value === value('user'))
      .map(({ label }) => ({ text: filterText(_`User`, label), without: drop('user') })),
    ...keys.filter((key) => key.value === value('key')).map(({ label }) => ({ text: filterText(_`Key`, label), without: drop('key') })),
    ...(value('sender') === '' ? [] : [{ text: filterText('From', value('sender')), without: drop('sender') }]),
  ];
  return (
    <>
      <div class="head">
        <div class="grow">
          <h1>{_`Reports`}</h1>
          <span class="muted">
            {done ? (
              <>
                <time dateTime={done.from}>{done.from}</time> – <time dateTime={done.until}>{done.until}</time> · {timeZone}
              </>
            ) : (
              timeZone
            )}
          </span>
        </div>
        {done && <ExportForm action={actionPath(start.actionPath, url)} kinds={['report']} />}
      </div>
      {start.value && <Note tone="bad">{start.value.message}</Note>}
      {refusal && <Note tone="bad">{refusal.message}</Note>}
      <FilterBar
        action="/reports"
        active={active}
        furtherOpen={FURTHER.some((name) => value(name) !== '')}
        further={
          <>
            <SelectField name="key" label={_`Key`} value={value('key')} options={[{ value: '', label: _`All` }, ...keys]} />
            <TextField name="sender" label="From" value={value('sender')} error={errors['sender']} />
          </>
        }
      >
        <PeriodPicker
          url={url}
          periods={periods}
          from={{ name: 'receivedFrom', label: _`From day`, value: from, error: errors['receivedFrom'] }}
          until={{ name: 'receivedUntil', label: _`Until day`, value: until, error: errors['receivedUntil'] }}
        />
        <Pick
          name="country"
          label={_`Country or region`}
          options={countries}
          chosen={chosenCountries}
          seek={_`Search countries`}
          error={errors['country']}
        />
        <SelectField
          name="kind"
          label={_`Kind`}
          value={value('kind')}
          error={errors['kind']}
          options={[{ value: '', label: _`All` }, ...TRAFFIC_KINDS.map((kind) => ({ value: kind, label: trafficKindLabel(kind) }))]}
        />
        <SelectField name="user" label={_`User`} value={value('user')} options={[{ value: '', label: _`All` }, ...users]} />
        <SelectField
          name="groupBy"
          label={_`Group by`}
          value={done?.groupBy.join(',') ?? value('groupBy')}
          error={errors['groupBy']}
          options={REPORT_GROUPINGS.map((grouping) => ({ value: grouping, label: reportGroupingLabel(grouping) }))}
        />
      </FilterBar>
      {done && (
        <>
          <Figures sum={done.sum} locale={locale} />
          <div class="two">
            <section class="card" aria-labelledby="course">
              <div class="title">
                <h2 id="course">{done.seriesOf === 'hour' ? _`Sent and delivered by hour` : _`Sent and delivered by day`}</h2>
              </div>
              <div class="in">
                <TrendChart
                  points={done.series}
                  caption={done.seriesOf === 'hour' ? _`Sent and delivered by hour` : _`Sent and delivered by day`}
                  locale={locale}
                />
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

const Figures = ({ sum, locale }: { sum: ReportFigures; locale: Locale }) => (
  <div class="kpis">
    <Kpi label={_`Messages`} value={number(sum.total, locale)}>
      {_`${number(sum.sent, locale)} sent, ${number(sum.pending, locale)} pending, ${number(sum.held, locale)} held back`}
    </Kpi>
    <Kpi label={_`Delivery rate`} value={share(sum.delivered, sum.sent, locale)}>
      {_`${number(sum.delivered, locale)} delivered`}
    </Kpi>
    <Kpi label={_`Failed`} value={number(sum.failed, locale)}>
      {_`${share(sum.failed, sum.total, locale)} of all messages`}
    </Kpi>
    <Kpi label={_`Cost`} value={money(sum.costMicros, locale)}>
      {_`${number(sum.parts, locale)} parts`}
    </Kpi>
  </div>
);

export const head: DocumentHead = () => ({ title: _`Reports` });
