import { component$ } from '@builder.io/qwik';
import { routeAction$, routeLoader$, useLocation, type DocumentHead, type RequestHandler } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { AppError } from '../../../../../schema/errors';
import type { Iso2, TenantId } from '../../../../../schema/ids';
import type { PriceItem, PricePreview } from '../../../../../schema/operators';
import type { Locale } from '../../../../../schema/states';
import { countryName } from '../../../../../workers/rules/countries';
import { EmptyState } from '../../../../components/empty-state';
import { Field } from '../../../../components/field';
import { Note } from '../../../../components/note';
import { FormCard, Saved } from '../../../../components/operators/form-card';
import { TenantHead } from '../../../../components/operators/tenant-tabs';
import { Table } from '../../../../components/table';
import { price } from '../../../../lib/amounts';
import { posted } from '../../../../lib/forms';
import { deed } from '../../../../lib/operator-form';
import { attempt, type Refusal } from '../../../../lib/outcome';
import { actionPath, withQuery } from '../../../../lib/paths';
import { postedFiles } from '../../../../lib/posted-files';
import { localeOf, operatorOf, operatorServicesOf } from '../../../../lib/platform';
import { refuseLargePost } from '../../../../lib/submit-task';
import { moment } from '../../../../lib/times';

const whose = (event: { readonly query: URLSearchParams }): TenantId | null => (event.query.get('tenant') || null) as TenantId | null;

export const usePrices = routeLoader$(async (event) => {
  const operator = operatorOf(event);
  const services = operatorServicesOf(event);
  const tenant = whose(event);
  const [rows, found] = await Promise.all([services.prices(operator, tenant), tenant === null ? null : services.tenant(operator, tenant)]);
  return { rows, tenant: found && { id: found.id, name: found.name }, locale: localeOf(event), timeZone: operator.timeZone };
});

interface Looked {
  /** What was pasted, or the text of the file. */
  readonly csv: string;
  readonly refusal?: Refusal;
  readonly preview?: PricePreview;
}

export const onPost: RequestHandler = (event) => refuseLargePost(event);

/** First what would change; the same form with `take` makes it so. */
export const usePriceList = routeAction$(async (form, event): Promise<Looked> => {
  const [file] = await postedFiles(form, 'file');
  const csv = file ? new TextDecoder().decode(file.content) : posted(form, 'csv');
  if (posted(form, 'act') === 'take')
    return {
      csv,
      refusal: await deed(
        event,
        (services, operator) => services.importPrices(operator, whose(event), csv),
        () => withQuery(event.url, { done: '1' }),
      ),
    };
  const tried = await attempt(event, () => operatorServicesOf(event).previewPrices(operatorOf(event), whose(event), csv));
  return 'refused' in tried ? { csv, refusal: tried.refused } : { csv, preview: tried.done };
});

export const useRemovePrice = routeAction$((form, event) =>
  deed(event, async (services, operator) => {
    const tenant = whose(event);
    if (tenant === null) throw new AppError('not_found');
    await services.removePrice(operator, tenant, posted(form, 'country') as Iso2);
  }),
);

export default component$(() => {
  const { rows, tenant, locale, timeZone } = usePrices().value;
  const [list, remove] = [usePriceList(), useRemovePrice()];
  const { url } = useLocation();
  const { refusal, preview } = list.value ?? {};
  const csv = list.value?.csv ?? '';
  const action = actionPath(list.actionPath, url);
  return (
    <>
      {tenant === null ? (
        <div class="head">
          <div class="grow">
            <h1>{_`Prices`}</h1>
            <span class="muted">{_`What everybody pays for one part, EUR.`}</span>
          </div>
        </div>
      ) : (
        <>
          <TenantHead id={tenant.id} name={tenant.name} tab="prices" />
          <p class="muted">{_`What this tenant pays otherwise than everybody, EUR a part.`}</p>
        </>
      )}
      {remove.value && <Note tone="bad">{remove.value.message}</Note>}
      <Saved url={url} />
      <FormCard
        id="import"
        title={_`Import as csv`}
        action={action}
        refusal={refusal}
        submit={_`Look at the changes`}
        enctype="multipart/form-data"
      >
        <Field
          name="csv"
          label={_`Prices`}
          error={refusal?.fields['csv']}
          help={_`One country a line: code, price. Countries that are not named stay as they are.`}
        >
          <textarea
            class="input mono"
            id="csv"
            name="csv"
            rows={6}
            placeholder={'CN,0.0278\nSG,0.0412'}
            aria-describedby="csv-help"
            value={csv}
          />
        </Field>
        <Field name="file" label={_`Or a csv file`} hint={_`optional`} help={_`It goes before what stands above.`}>
          <input class="input" id="file" name="file" type="file" accept=".csv,.txt,text/csv" aria-describedby="file-help" />
        </Field>
      </FormCard>
      {preview && <Preview preview={preview} csv={csv} action={action} locale={locale} />}
      <section class="card" aria-label={_`Prices`}>
        {rows.length === 0 ? (
          <EmptyState title={_`No prices of its own`} />
        ) : (
          <Table
            caption={_`Prices`}
            rows={rows}
            rowKey={({ country }) => country}
            columns={[
              { head: _`Country or region`, wide: true, cell: ({ country }) => `${countryName(country, locale)} (${country})` },
              { head: _`Price of a part`, num: true, cell: ({ micros }) => price(micros, locale) },
              { head: _`Changed`, num: true, cell: ({ updatedAt }) => moment(updatedAt, 'minute', timeZone) },
              ...(tenant === null
                ? []
                : [
                    {
                      head: _`Actions`,
                      cell: ({ country }: PriceItem) => (
                        <form method="post" action={actionPath(remove.actionPath, url)} class="acts">
                          <input type="hidden" name="country" value={country} />
                          <button
                            type="submit"
                            class="btn small danger"
                            aria-label={_`Remove the price of ${countryName(country, locale)}`}
                          >
                            {_`Remove`}
                          </button>
                        </form>
                      ),
                    },
                  ]),
            ]}
          />
        )}
      </section>
    </>
  );
});

interface PreviewProps {
  readonly preview: PricePreview;
  readonly csv: string;
  readonly action: string;
  readonly locale: Locale;
}

const Preview = ({ preview, csv, action, locale }: PreviewProps) => {
  const reasons = { country: _`No such country`, price: _`Not a price`, repeated: _`Named before` } as const;
  const { changes, unchanged, wrong } = preview;
  return (
    <section class="card" aria-labelledby="preview-title">
      <div class="title">
        <h2 id="preview-title">{_`${changes.length} prices change, ${unchanged} stay as they are`}</h2>
      </div>
      <div class="in stack">
        {wrong.length > 0 && (
          <Note tone="bad">
            {_`Nothing is imported while a line is wrong:`}
            <ul>
              {wrong.map(({ line, text, reason }) => (
                <li key={line}>{`${_`line ${line}:`} ${text} – ${reasons[reason]}`}</li>
              ))}
            </ul>
          </Note>
        )}
        {wrong.length === 0 && changes.length > 0 && (
          <form method="post" action={action}>
            <input type="hidden" name="csv" value={csv} />
            <button type="submit" class="btn primary" name="act" value="take">
              {_`Import these prices`}
            </button>
          </form>
        )}
      </div>
      {changes.length > 0 && (
        <Table
          caption={_`What changes`}
          rows={changes}
          rowKey={({ country }) => country}
          columns={[
            { head: _`Country or region`, wide: true, cell: ({ country }) => `${countryName(country, locale)} (${country})` },
            { head: _`Before`, num: true, cell: ({ before }) => (before === null ? '—' : price(before, locale)) },
            { head: _`After`, num: true, cell: ({ after }) => price(after, locale) },
          ]}
        />
      )}
    </section>
  );
};

export const head: DocumentHead = () => ({ title: _`Prices` });
