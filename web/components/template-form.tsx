/** The form of an international template: text, samples of its variables, what it measures and costs, and the phone that shows it. */
import { $, component$, sync$, useStore, type QRL } from '@builder.io/qwik';
import { _ } from 'compiled-i18n';
import { TEMPLATE_NAME_MAX, TEMPLATE_SAMPLE_MAX } from '../../schema/limits';
import type { Locale } from '../../schema/states';
import type { TemplateForm as Values } from '../../schema/templates';
import { price } from '../lib/amounts';
import type { TextFacts } from '../lib/message-text';
import type { Refusal } from '../lib/outcome';
import { sampleField } from '../lib/template-form';
import type { CountryPrice } from '../lib/template-source';
import { described, Field, FieldError, TextField } from './field';
import { Note } from './note';
import { PhonePreview } from './phone-preview';
import { TextFactsLine } from './text-facts';

interface TemplateFormProps {
  readonly action: string;
  readonly values: Values;
  /** Of `values`, so that the page is right before any script runs; as are the names of its variables. */
  readonly facts: TextFacts;
  readonly variables: readonly string[];
  readonly prices: readonly CountryPrice[];
  /** That the price is shown of; '' = none yet. */
  readonly country: string;
  readonly refusal: Refusal | undefined;
  readonly locale: Locale;
  readonly back: string;
}

interface Draft {
  body: string;
  samples: Readonly<Record<string, string>>;
  variables: readonly string[];
  facts: TextFacts;
  /** Micro-EUR of one part in the chosen country; null while none is. */
  unitMicros: number | null;
}

export const TemplateForm = component$<TemplateFormProps>((props) => {
  const { action, values, facts, variables, prices, country, refusal, locale, back } = props;
  const unitMicros = prices.find((one) => one.country === country)?.unitMicros ?? null;
  const draft = useStore<Draft>({ body: values.body, samples: values.samples, variables, facts, unitMicros }, { deep: false });
  const errors = refusal?.fields ?? {};

  /** The rules are fetched with the first keystroke. */
  const measure = $(async () => {
    const { parseTemplate, textFacts } = await import('../lib/measure-while-typing');
    draft.facts = textFacts(draft.body, 'auto', draft.samples);
    const names = [...new Set(parseTemplate(draft.body).names)];
    if (names.join(' ') !== draft.variables.join(' ')) draft.variables = names;
  });

  return (
    <form method="post" action={action} class="work" noValidate>
      {/* What Enter in a field does: the first submit button of a form, which would else be the one beside the text. */}
      <button type="submit" hidden />
      <div class="stack">
        {refusal && Object.keys(errors).length === 0 && <Note tone="bad">{refusal.message}</Note>}
        <section class="card" aria-labelledby="content-title">
          <div class="title">
            <h2 id="content-title">{_`Content`}</h2>
          </div>
          <div class="in fields">
            <TextField
              name="name"
              label={_`Template name`}
              value={values.name}
              error={errors['name']}
              maxLength={TEMPLATE_NAME_MAX}
              help={_`Chosen by it in the task form; no two templates have the same.`}
              required
            />
            <div class="field">
              <label for="body">{_`Text of the message`}</label>
              <textarea
                class="input"
                id="body"
                name="body"
                rows={7}
                required
                aria-invalid={errors['body'] ? 'true' : undefined}
                aria-describedby={described('body', errors['body'], true)}
                // What was typed before the script came, or what the browser kept from before, is measured as well.
                document:onQInit$={sync$((_event: Event, area: HTMLTextAreaElement) => {
                  if (area.value !== area.defaultValue) area.dispatchEvent(new Event('input', { bubbles: true }));
                })}
                onInput$={async (_event, area) => {
                  draft.body = area.value;
                  await measure();
                }}
              >
                {values.body}
              </textarea>
              <FieldError name="body" error={errors['body']} />
              <LiveFacts
                draft={draft}
                locale={locale}
                onReplace$={async (area: HTMLTextAreaElement | null) => {
                  const { replaceLookAlikes } = await import('../lib/measure-while-typing');
                  draft.body = replaceLookAlikes(draft.body);
                  if (area) area.value = draft.body;
                  await measure();
                }}
              />
              <p class="help" id="body-help">
                {_`Variables: {{name}} takes the value of the column “name” of your file. The text is sent exactly as written.`}
              </p>
            </div>
            <LiveSamples
              draft={draft}
              errors={errors}
              onSample$={async (name: string, value: string) => {
                draft.samples = { ...draft.samples, [name]: value };
                await measure();
              }}
            />
          </div>
        </section>
      </div>
      <aside class="stack" aria-label={_`Preview and price`}>
        <LivePreview draft={draft} />
        <div class="card">
          <div class="in stack">
            <Field name="country" label={_`Price of one message to`}>
              <select
                class="input"
                id="country"
                name="country"
                onChange$={(_event, select) => {
                  const micros = select.selectedOptions[0]?.dataset['micros'];
                  draft.unitMicros = micros === undefined ? null : Number(micros);
                }}
              >
                <option value="">{_`Choose a country`}</option>
                {prices.map(({ country: code, name, unitMicros: micros }) => (
                  <option key={code} value={code} data-micros={micros} selected={code === country}>
                    {name}
                  </option>
                ))}
              </select>
            </Field>
            <LivePrice draft={draft} locale={locale} />
            <button type="submit" class="btn primary wide">
              {_`Save`}
            </button>
            <noscript>
              <button type="submit" class="btn wide" name="intent" value="count">
                {_`Count the text`}
              </button>
            </noscript>
            <a class="btn wide" href={back}>
              {_`Cancel`}
            </a>
          </div>
        </div>
      </aside>
    </form>
  );
});

/** These alone follow the typing; the rest of the form stays as the server made it. */
interface LiveFactsProps {
  readonly draft: Draft;
  readonly locale: Locale;
  readonly onReplace$: QRL<(area: HTMLTextAreaElement | null) => void>;
}

const LiveFacts = component$<LiveFactsProps>(({ draft, locale, onReplace$ }) => (
  <TextFactsLine facts={draft.facts} locale={locale} onReplace$={onReplace$} />
));
const LivePreview = component$<{ draft: Draft }>(({ draft }) => <PhonePreview sender="" segments={draft.facts.segments} />);

const LivePrice = component$<{ draft: Draft; locale: Locale }>(({ draft: { unitMicros, facts }, locale }) => (
  <p class="priced" aria-live="polite">
    {unitMicros === null ? (
      <span class="muted">{_`By the parts of the text, with the samples in it.`}</span>
    ) : (
      <>
        <b>{price(unitMicros * facts.parts, locale)}</b>{' '}
        <span class="muted">{_`${facts.parts} parts at ${price(unitMicros, locale)}`}</span>
      </>
    )}
  </p>
));

const LiveSamples = component$<{
  draft: Draft;
  errors: Readonly<Record<string, string>>;
  onSample$: QRL<(name: string, value: string) => void>;
}>(({ draft, errors, onSample$ }) =>
  draft.variables.length === 0 ? null : (
    <fieldset class="field samples">
      <legend class="label">
        {_`Sample values`}
        <span class="optional">{_`optional`}</span>
      </legend>
      <p class="help">{_`For the preview and for counting only: a task takes its values from the file.`}</p>
      <div class="grid">
        {draft.variables.map((name) => (
          <TextField
            key={name}
            name={sampleField(name)}
            label={`{{${name}}}`}
            value={Object.hasOwn(draft.samples, name) ? draft.samples[name] : ''}
            error={errors[`samples.${name}`]}
            maxLength={TEMPLATE_SAMPLE_MAX}
            onInput$={(_event, input) => onSample$(name, input.value)}
          />
        ))}
      </div>
    </fieldset>
  ),
);
