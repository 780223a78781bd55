import { component$ } from '@builder.io/qwik';
import { routeAction$, routeLoader$, useLocation, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { AppError } from '../../../../../../schema/errors';
import type { CarrierAccountId } from '../../../../../../schema/ids';
import { CARRIER_DEFAULT_PER_SECOND } from '../../../../../../schema/limits';
import { EmptyState } from '../../../../../components/empty-state';
import { FieldError, SelectField, TextField } from '../../../../../components/field';
import { Icon } from '../../../../../components/icon';
import { Note } from '../../../../../components/note';
import { Check, FormCard, Saved } from '../../../../../components/operators/form-card';
import { Table } from '../../../../../components/table';
import { receiptLagText } from '../../../../../lib/duration';
import { again, posted } from '../../../../../lib/forms';
import { deed } from '../../../../../lib/operator-form';
import { number, share } from '../../../../../lib/numbers';
import { moment } from '../../../../../lib/times';
import { localeOf, operatorOf, operatorServicesOf } from '../../../../../lib/platform';

const NEW = 'new';
const METHODS = ['sha256', 'sha512', 'sha1', 'md5', 'md5hash'] as const;
const idOf = (event: { readonly params: Readonly<Record<string, string>> }): CarrierAccountId | null => {
  const id = event.params['id'] ?? NEW;
  return id === NEW ? null : (id as CarrierAccountId);
};

export const useCarrier = routeLoader$(async (event) => {
  const operator = operatorOf(event);
  const id = idOf(event);
  if (id === null) return null;
  const services = operatorServicesOf(event);
  const [carriers, hours] = await Promise.all([services.carriers(operator), services.carrierHours(operator, id)]);
  const found = carriers.find((carrier) => carrier.id === id);
  if (!found) throw new AppError('not_found');
  return { ...found, hours, locale: localeOf(event), timeZone: operator.timeZone };
});

export const useSaveCarrier = routeAction$((form, event) =>
  deed(
    event,
    (services, operator) =>
      services.saveCarrier(operator, idOf(event), {
        name: posted(form, 'name'),
        apiKey: posted(form, 'apiKey'),
        apiSecret: posted(form, 'apiSecret'),
        signatureSecret: posted(form, 'signatureSecret'),
        signatureMethod: posted(form, 'signatureMethod'),
        restHost: posted(form, 'restHost'),
        perSecond: Number(posted(form, 'perSecond')),
        enabled: posted(form, 'enabled') !== '',
      }),
    (id) => `/operators/carriers/${id}?done=1`,
  ),
);

export const useTestCarrier = routeAction$(async (_form, event) => {
  const id = idOf(event);
  const operator = operatorOf(event);
  if (id === null) throw new AppError('not_found');
  return operatorServicesOf(event).testCarrier(operator, id);
});

export default component$(() => {
  const carrier = useCarrier().value;
  const [save, test] = [useSaveCarrier(), useTestCarrier()];
  const { url } = useLocation();
  const form = save.formData;
  const wrong = save.value?.fields ?? {};
  const keep = carrier ? _`Leave empty to keep the present one.` : undefined;
  const tried = test.value;
  return (
    <>
      <div class="head">
        <div class="grow">
          <h1>{carrier ? carrier.name : _`New carrier account`}</h1>
        </div>
        {carrier && (
          <form method="post" action={test.actionPath}>
            <button type="submit" class="btn">
              <Icon name="play" />
              {_`Test the credentials`}
            </button>
          </form>
        )}
      </div>
      <Saved url={url} />
      {tried?.ok === true && <Note tone="ok">{_`The carrier knows these credentials. Balance there: ${tried.balance}`}</Note>}
      {tried?.ok === false && (
        <Note tone="bad">{tried.status === null ? _`The carrier could not be reached.` : _`The carrier answered ${tried.status}.`}</Note>
      )}
      <FormCard id="carrier" title={_`Credentials and pace`} action={save.actionPath} refusal={save.value}>
        <div class="pair">
          <TextField name="name" label={_`Name of it`} value={again(form, 'name', carrier?.name)} error={wrong['name']} />
          <TextField
            name="perSecond"
            label={_`Messages a second`}
            inputMode="numeric"
            value={again(form, 'perSecond', String(carrier?.perSecond ?? CARRIER_DEFAULT_PER_SECOND))}
            error={wrong['perSecond']}
          />
        </div>
        <div class="pair">
          <TextField
            name="apiKey"
            label={_`API key`}
            autocomplete="off"
            value={again(form, 'apiKey', carrier?.apiKey)}
            error={wrong['apiKey']}
          />
          <TextField
            name="apiSecret"
            label={_`API secret`}
            type="password"
            autocomplete="new-password"
            error={wrong['apiSecret']}
            help={keep}
          />
        </div>
        <div class="pair">
          <TextField
            name="signatureSecret"
            label={_`Signature secret`}
            type="password"
            autocomplete="new-password"
            error={wrong['signatureSecret']}
            help={keep}
          />
          <SelectField
            name="signatureMethod"
            label={_`Signature method`}
            value={again(form, 'signatureMethod', carrier?.signatureMethod ?? 'sha256')}
            error={wrong['signatureMethod']}
            options={METHODS.map((method) => ({ value: method, label: method }))}
          />
        </div>
        <TextField
          name="restHost"
          label={_`Base URL`}
          hint={_`optional`}
          value={again(form, 'restHost', carrier?.restHost)}
          error={wrong['restHost']}
          help={_`Empty: the platform's own setting.`}
        />
        <div class="field">
          <Check name="enabled" label={_`On`} checked={form ? form.has('enabled') : (carrier?.enabled ?? true)} />
          <FieldError name="enabled" error={wrong['enabled']} />
          <p class="help">{_`Off: keys that have another account send through that one; receipts are still taken.`}</p>
        </div>
      </FormCard>
      {carrier && (
        <section class="card" aria-labelledby="hours-title">
          <div class="title">
            <h2 id="hours-title">{_`Last 24 hours`}</h2>
          </div>
          {carrier.hours.length === 0 ? (
            <EmptyState title={_`Nothing was sent in this time`} />
          ) : (
            <Table
              caption={_`Last 24 hours`}
              rows={carrier.hours}
              rowKey={({ at }) => String(at)}
              columns={[
                { head: _`Hour`, cell: ({ at }) => moment(at, 'minute', carrier.timeZone) },
                { head: _`Messages sent`, num: true, cell: ({ sent }) => number(sent, carrier.locale) },
                { head: _`Messages delivered`, num: true, cell: ({ delivered }) => number(delivered, carrier.locale) },
                { head: _`Messages failed`, num: true, cell: ({ missed }) => number(missed, carrier.locale) },
                { head: _`Failure rate`, num: true, cell: ({ missed, sent }) => share(missed, sent, carrier.locale) },
                { head: _`Receipts after (half · 95 %)`, num: true, cell: ({ lag }) => receiptLagText(lag) },
              ]}
            />
          )}
        </section>
      )}
    </>
  );
});

export const head: DocumentHead = () => ({ title: _`Carrier accounts` });
