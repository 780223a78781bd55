/** The form of a task, international or domestic, for a new one and for editing: content, numbers, and the phone that shows both. */
import { $, component$, sync$, useStore, type QRL } from '@builder.io/qwik';
import { _ } from 'compiled-i18n';
import type { Departure } from '../../schema/approvals';
import type { TaskFormOptions } from '../../schema/console';
import type { Locale, TextType } from '../../schema/states';
import type { TextFacts } from '../lib/message-text';
import type { Refusal } from '../lib/outcome';
import type { TaskFormValues } from '../lib/task-form';
import { Departures, DomesticFields } from './domestic-fields';
import { described, Field, FieldError, invalid, SelectField, TextField } from './field';
import { FileField } from './file-field';
import { Note } from './note';
import { PhonePreview } from './phone-preview';
import { TextFactsLine } from './text-facts';

interface TaskFormProps {
  readonly action: string;
  readonly options: TaskFormOptions;
  readonly values: TaskFormValues;
  /** Of `values.text`, so that the page is right before any script runs. */
  readonly facts: TextFacts;
  readonly refusal: Refusal | undefined;
  readonly locale: Locale;
  readonly mayDraft: boolean;
}

interface Draft {
  text: string;
  sender: string;
  type: TextType;
  sample: Readonly<Record<string, string>>;
  facts: TextFacts;
  /** 【signature】 of a domestic task, '' otherwise: it is sent and counted with the text. */
  prefix: string;
  /** Body that was approved; null for an international task. */
  approved: string | null;
  marks: readonly Departure[];
  lacksOptOut: boolean;
}

export const TaskForm = component$<TaskFormProps>(({ action, options, values, facts, refusal, locale, mayDraft }) => {
  const draft = useStore<Draft>(
    {
      text: values.text,
      sender: values.sender,
      type: values.textType,
      sample: {},
      facts,
      prefix: prefixOf(options, values),
      approved: approvedOf(options, values),
      marks: [],
      lacksOptOut: false,
    },
    { deep: false },
  );
  const errors = refusal?.fields ?? {};
  const general = refusal && Object.keys(errors).length === 0;

  /** The rules are fetched with the first keystroke. */
  const measure = $(async () => {
    const { textFacts, departures, tellsOptOut } = await import('../lib/measure-while-typing');
    draft.facts = textFacts(draft.prefix + draft.text, draft.type, draft.sample);
    if (draft.approved === null) return;
    draft.marks = departures(draft.approved, draft.text);
    draft.lacksOptOut = draft.text !== '' && !tellsOptOut(draft.text);
  });

  return (
    <form
      method="post"
      action={action}
      enctype="multipart/form-data"
      class="work"
      noValidate
      onSubmit$={sync$((event: Event, form: HTMLFormElement) => {
        if (form.dataset['busy'] !== 'yes') return;
        event.preventDefault();
        form.dataset['wanted'] = 'yes';
      })}
    >
      <div class="stack">
        {general && <Note tone="bad">{refusal.message}</Note>}
        <section class="card" aria-labelledby="content-title">
          <div class="title">
            <h2 id="content-title">{_`Content`}</h2>
          </div>
          <div class="in fields">
            <div class="pair">
              <TextField
                name="name"
                label={_`Task name`}
                value={values.name}
                error={errors['name']}
                maxLength={100}
                help={_`Only you see it.`}
                required
              />
              {values.domestic === null && (
                <TextField
                  name="sender"
                  label="From / Sender ID"
                  value={values.sender}
                  error={errors['sender']}
                  list="senders"
                  autocomplete="off"
                  spellcheck={false}
                  help={_`Up to 11 letters and digits, or up to 15 digits.`}
                  required
                  onInput$={(_event, input) => {
                    draft.sender = input.value;
                  }}
                />
              )}
            </div>
            {values.domestic !== null && (
              <DomesticFields
                options={options.domestic}
                chosen={values.domestic}
                sender={values.sender}
                errors={errors}
                onSender$={$((value: string) => {
                  draft.sender = value;
                })}
                onSignature$={$(async (name: string) => {
                  draft.prefix = name;
                  await measure();
                })}
                onTemplate$={$(async (body: string, area: HTMLTextAreaElement | null) => {
                  draft.approved = body;
                  draft.text = body;
                  if (area) area.value = body;
                  await measure();
                })}
              />
            )}
            <datalist id="senders">
              {options.senders.map(({ id, value }) => (
                <option key={id} value={value} />
              ))}
            </datalist>
            <div class={options.keys.length > 1 && options.templates.length > 0 ? 'pair' : 'fields'}>
              <KeyField options={options} value={values.key} error={errors['key']} />
              {values.domestic === null && options.templates.length > 0 && (
                <Field name="template" label={_`Template`} hint={_`optional`}>
                  <select
                    class="input"
                    id="template"
                    name="template"
                    onChange$={async (_event, select) => {
                      const template = options.templates.find(({ id }) => id === select.value);
                      const area = select.form?.querySelector('textarea');
                      if (!template || !area) return;
                      area.value = template.body;
                      draft.text = template.body;
                      await measure();
                    }}
                  >
                    <option value="">{_`No template`}</option>
                    {options.templates.map(({ id, name }) => (
                      <option key={id} value={id}>
                        {name}
                      </option>
                    ))}
                  </select>
                </Field>
              )}
            </div>
            <div class="field">
              <label for="text">{_`Text of the message`}</label>
              <textarea
                class="input"
                id="text"
                name="text"
                rows={6}
                required
                {...invalid(errors['text'])}
                aria-describedby={described('text', errors['text'], true)}
                // What was typed before the script came, or what the browser kept from before, is measured as well.
                document:onQInit$={sync$((_event: Event, area: HTMLTextAreaElement) => {
                  if (area.value !== area.defaultValue) area.dispatchEvent(new Event('input', { bubbles: true }));
                })}
                onInput$={async (_event, area) => {
                  draft.text = area.value;
                  await measure();
                }}
              >
                {values.text}
              </textarea>
              <FieldError name="text" error={errors['text']} />
              <LiveFacts draft={draft} />
              <LiveMarks
                draft={draft}
                exact={options.domestic.exact}
                onOptOut$={async (area) => {
                  const { OPT_OUT_LINE } = await import('../lib/measure-while-typing');
                  draft.text += OPT_OUT_LINE;
                  if (area) area.value = draft.text;
                  await measure();
                }}
              />
              <p class="help" id="text-help">
                {_`Variables: {{name}} takes the value of the column “name” of your file. The text is sent exactly as written.`}
              </p>
            </div>
            <div class="narrow">
              <Field name="textType" label={_`Encoding`}>
                <select
                  class="input"
                  id="textType"
                  name="textType"
                  onChange$={async (_event, select) => {
                    draft.type = select.value as TextType;
                    await measure();
                  }}
                >
                  <option value="auto" selected={values.textType === 'auto'}>
                    {_`Automatic: GSM-7 where it can carry the text`}
                  </option>
                  <option value="text" selected={values.textType === 'text'}>
                    {_`Always GSM-7`}
                  </option>
                  <option value="unicode" selected={values.textType === 'unicode'}>
                    {_`Always UCS-2 (Unicode)`}
                  </option>
                </select>
              </Field>
            </div>
          </div>
        </section>
        <section class="card" aria-labelledby="numbers-title">
          <div class="title">
            <h2 id="numbers-title">{_`Numbers`}</h2>
          </div>
          <div class="in fields">
            <FileField
              upload={values.upload}
              fileName={values.fileName}
              error={errors['upload']}
              locale={locale}
              onSample$={async (sample) => {
                draft.sample = sample;
                await measure();
              }}
            />
            <label class="switch">
              <span>
                <b>{_`Check numbers against the blacklist`}</b>
                <span class="help">{_`Numbers and countries on the blacklist of the key are left out.`}</span>
              </span>
              <input type="checkbox" role="switch" name="checkNumbers" value="on" checked={values.checkNumbers} />
            </label>
            <div class="receipts">
              <label class="switch">
                <span>
                  <b>{_`Receipts to your own endpoint`}</b>
                  <span class="help">{_`The receipts of this task go to this address as well.`}</span>
                </span>
                <input type="checkbox" role="switch" name="receipts" value="on" checked={values.receipts} />
              </label>
              <TextField
                class="receipts-url"
                name="callbackUrl"
                label="Webhook URL"
                type="url"
                placeholder="https://"
                value={values.callbackUrl}
                error={errors['callbackUrl']}
              />
            </div>
          </div>
        </section>
      </div>
      <aside class="stack" aria-label={_`Preview and next step`}>
        <LivePreview draft={draft} />
        <div class="card">
          <div class="in stack">
            <p class="muted">{_`Nothing is sent before you have seen the result of the check and confirmed.`}</p>
            <button type="submit" class="btn primary wide" name="intent" value="check">
              {_`Check the numbers`}
            </button>
            {mayDraft && (
              <button type="submit" class="btn wide" name="intent" value="draft">
                {_`Save as a draft`}
              </button>
            )}
            <p class="help waits" role="status">
              {_`The form goes off by itself when the file is uploaded.`}
            </p>
          </div>
        </div>
      </aside>
    </form>
  );
});

/** These two alone follow the typing; the rest of the form stays as the server made it. */
const LiveFacts = component$<{ draft: Draft }>(({ draft }) => (
  // To the mainland nearly every text is UCS-2: there is nothing to warn of.
  <TextFactsLine facts={draft.approved === null ? draft.facts : { ...draft.facts, costly: [] }} />
));
const LivePreview = component$<{ draft: Draft }>(({ draft }) => <PhonePreview sender={draft.sender} segments={draft.facts.segments} />);

/** Departures from the approved text, and a way to opt out in one click. */
const LiveMarks = component$<{ draft: Draft; exact: boolean; onOptOut$: QRL<(area: HTMLTextAreaElement | null) => void> }>(
  ({ draft, exact, onOptOut$ }) => (
    <>
      <Departures pieces={draft.marks} exact={exact} />
      {draft.lacksOptOut && (
        <Note tone="warn">
          {_`A marketing text to the mainland should say how to opt out.`}{' '}
          <button type="button" class="btn small" onClick$={(_event, button) => onOptOut$(button.form?.querySelector('textarea') ?? null)}>
            {_`Add the opt-out line`}
          </button>
        </Note>
      )}
    </>
  ),
);

/** Of the signature that is chosen, or that the select shows first. */
function prefixOf({ domestic }: TaskFormOptions, values: TaskFormValues): string {
  if (values.domestic === null) return '';
  const { signature } = values.domestic;
  const found = domestic.signatures.find(({ id }) => id === signature) ?? domestic.signatures[0];
  return found ? `【${found.name}】` : '';
}
function approvedOf({ domestic }: TaskFormOptions, values: TaskFormValues): string | null {
  if (values.domestic === null) return null;
  const { template } = values.domestic;
  return (domestic.templates.find(({ id }) => id === template) ?? domestic.templates[0])?.body ?? '';
}

const KeyField = ({ options, value, error }: { options: TaskFormOptions; value: string; error: string | undefined }) => {
  const [first, ...more] = options.keys;
  if (first === undefined)
    return <Note tone="warn">{_`There is no marketing key that is switched on. Our service team can open one.`}</Note>;
  if (more.length === 0) {
    return (
      <>
        <input type="hidden" name="key" value={first.id} />
        <FieldError name="key" error={error} />
      </>
    );
  }
  return (
    <SelectField
      name="key"
      label={_`Key`}
      error={error}
      value={value}
      options={options.keys.map(({ id, name, test }) => ({ value: id, label: test ? _`${name} (test: nothing is really sent)` : name }))}
    />
  );
};
