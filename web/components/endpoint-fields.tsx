/** The form of an endpoint, for a new one and for a change. */
import { _ } from 'compiled-i18n';
import { WEBHOOK_BATCH_MAX, WEBHOOK_HEADERS_MAX } from '../../schema/limits';
import { WEBHOOK_EVENTS } from '../../schema/states';
import type { EndpointValues } from '../lib/endpoint-form';
import { listed, webhookEventLabel } from '../lib/labels';
import type { Refusal } from '../lib/outcome';
import { described, Field, FieldError, invalid, SelectField, TextField } from './field';
import { Note } from './note';

interface EndpointFieldsProps {
  readonly action: string;
  readonly values: EndpointValues;
  readonly refusal: Refusal | undefined;
  readonly back: string;
  readonly submit: string;
}

export const EndpointFields = ({ action, values, refusal, back, submit }: EndpointFieldsProps) => {
  const errors = refusal?.fields ?? {};
  const ofHeaders = Object.entries(errors).find(([field]) => field.startsWith('headers'));
  const wrongHeaders = ofHeaders && `${ofHeaders[0].replace(/^headers\.?/, '')} ${ofHeaders[1]}`.trim();
  return (
    <form method="post" action={action} class="card column" noValidate>
      <div class="in fields">
        {refusal && Object.keys(errors).length === 0 && <Note tone="bad">{refusal.message}</Note>}
        <TextField
          name="url"
          label="Webhook URL"
          type="url"
          value={values.url}
          error={errors['url']}
          placeholder="https://"
          autocomplete="off"
          required
          help={_`On the public internet. Redirects are not followed.`}
        />
        <div class="pair">
          <TextField name="name" label={_`Label`} value={values.name} error={errors['name']} maxLength={64} hint={_`optional`} />
          <SelectField
            name="method"
            label={_`Method`}
            value={values.method}
            error={errors['method']}
            options={['POST', 'PUT'].map((method) => ({ value: method, label: method }))}
          />
        </div>
        <fieldset class="field" aria-describedby={errors['events'] ? 'events-error' : undefined}>
          <legend class="label">{_`Events`}</legend>
          <div class="fields">
            {WEBHOOK_EVENTS.map((event) => (
              <label key={event} class="check">
                <input type="checkbox" name={`event-${event}`} value="1" checked={values.events.includes(event)} />
                {webhookEventLabel(event)}
              </label>
            ))}
          </div>
          <FieldError name="events" error={errors['events']} />
        </fieldset>
        <div class="narrow">
          <TextField
            name="batchMax"
            label={_`Events in one request`}
            type="number"
            min={1}
            max={WEBHOOK_BATCH_MAX}
            value={values.batchMax}
            error={errors['batch_max']}
            help={_`1 sends each alone; up to ${WEBHOOK_BATCH_MAX}.`}
          />
        </div>
        <Field
          name="headers"
          label={_`Own headers`}
          hint={_`optional`}
          error={wrongHeaders}
          help={<HeaderHelp names={values.headerNames} />}
        >
          <textarea
            class="input mono"
            id="headers"
            name="headers"
            rows={3}
            placeholder="X-Token: abc"
            spellcheck={false}
            {...invalid(wrongHeaders)}
            aria-describedby={described('headers', wrongHeaders, true)}
          >
            {values.headers}
          </textarea>
        </Field>
        {values.headerNames.length > 0 && (
          <label class="check">
            <input type="checkbox" name="noHeaders" value="1" checked={values.noHeaders} />
            {_`Send none of the present headers any more`}
          </label>
        )}
        <div class="bar">
          <button type="submit" class="btn primary">
            {submit}
          </button>
          <a class="btn" href={back}>
            {_`Cancel`}
          </a>
        </div>
      </div>
    </form>
  );
};

const HeaderHelp = ({ names }: { names: readonly string[] }) => (
  <>
    {_`One a line, up to ${WEBHOOK_HEADERS_MAX}. Values are not shown again.`}
    {names.length > 0 && ` ${_`Sent now: ${listed(names)}. Left empty, they stay.`}`}
  </>
);
