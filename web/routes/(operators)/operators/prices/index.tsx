import { component$ } from '@builder.io/qwik';
import { routeAction$, routeLoader$, useLocation, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import type { TenantId } from '../../../../../schema/ids';
import type { PricePreview } from '../../../../../schema/operators';
import type { Locale } from '../../../../../schema/states';
import { countryName } from '../../../../../workers/rules/countries';
import { EmptyState } from '../../../../components/empty-state';
import { Field } from '../../../../components/field';
import { Note } from '../../../../components/note';
import { FormCard, Saved } from '../../../../components/operators/form-card';
import { Table } from '../../../../components/table';
import { price } from '../../../../lib/amounts';
import { again, posted } from '../../../../lib/forms';
import { deed } from '../../../../lib/operator-form';
import { attempt, type Refusal } from '../../../../lib/outcome';
import { actionPath, withQuery } from '../../../../lib/paths';
import { localeOf, operatorOf, operatorServicesOf } from '../../../../lib/platform';
import { moment } from '../../../../lib/times';

const whose = (event: { readonly query: URLSearchParams }): TenantId | null => (event.query.get('tenant') || null) as TenantId | null;

export const usePrices = routeLoader$(async (event) => {
  const operator = operatorOf(event);
  const services = operatorServicesOf(event);
  const tenant = whose(event);
  const [rows, name] = await Promise.all([
    services.prices(operator, tenant),
    tenant === null ? null : services.tenant(operator, tenant).then((found) => found.name),
  ]);
  return { rows, name, locale: localeOf(event), timeZone: operator.timeZone };
});

/** First what would change; the same form with `take` makes it so. */
export const usePriceList = routeAction$(async (form, event): Promise<{ refusal?: Refusal; preview?: PricePreview }> => {
  const csv = posted(form, 'csv');
  if (posted(form, 'act') === 'take')
    return {
      refusal: await deed(
        event,
        (services, operator) => services.importPrices(operator, whose(event), csv),
        () => withQuery(event.url, { done: '1' }),
      ),
    };
  const tried = await attempt(event, () => operatorServicesOf(event).previewPrices(operatorOf(event), whose(event), csv));
  return 'refused' in tried ? { refusal: tried.refused } : { preview: tried.done };
});

export default component$(() => {
  const { rows, name, locale, timeZone } = usePrices().value;
  const list = usePriceList();
  const { url } = useLocation();
  const { refusal, preview } = list.value ?? {};
  const csv = again(list.formData, 'csv');
  const action = actionPath(list.actionPath, url);
  return (
    <>
      <div class="head">
        <div class="grow">
          <h1>{name === null ? _`Prices` : _`Prices of ${name}`}</h1>
          <span class="muted">
            {name === null ? _`What everybody pays for one part, EUR.` : _`What this tenant pays otherwise than everybody, EUR a part.`}
          </span>
        </div>
      </div>
      <Saved url={url} />
      <FormCard id="import" title={_`Import as csv`} action={action} refusal={refusal} submit={_`Look at the changes`}>
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
                <li key={line}>{`${line}: ${text} – ${reasons[reason]}`}</li>
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
