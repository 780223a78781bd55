/** The form of a task, international or domestic, for a new one and for editing: content, numbers, and the phone that shows both. */
import { $, component$, sync$, useStore, type QRL } from '@builder.io/qwik';
import { _ } from 'compiled-i18n';
import type { Departure } from '../../schema/approvals';
import type { TaskFormOptions } from '../../schema/console';
import type { Locale, TextType } from '../../schema/states';
import type { TextFacts } from '../lib/message-text';
import type { Refusal } from '../lib/outcome';
import type { TaskFormValues, TextSigns } from '../lib/task-form';
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
  /** Of `values`. */
  readonly signs: TextSigns;
  readonly refusal: Refusal | undefined;
  readonly locale: Locale;
  readonly mayDraft: boolean;
}

interface Draft extends TextSigns {
  text: string;
  sender: string;
  type: TextType;
  /** Values of the template's variables, and those of the file's first row, which go before. */
  samples: Readonly<Record<string, string>>;
  row: Readonly<Record<string, string>>;
  facts: TextFacts;
  prefix: string;
  approved: string | null;
  marks: readonly Departure[];
  lacksOptOut: boolean;
}

export const TaskForm = component$<TaskFormProps>(({ action, options, values, signs, refusal, locale, mayDraft }) => {
  const samples = options.templates.find(({ id }) => id === values.template)?.samples ?? {};
  const draft = useStore<Draft>(
    { ...signs, text: values.text, sender: values.sender, type: values.textType, samples, row: {} },
    { deep: false },
  );
  const errors = refusal?.fields ?? {};
  const general = refusal && Object.keys(errors).length === 0;

  /** The rules are fetched with the first keystroke. */
  const measure = $(async () => {
    const { textFacts, departures, tellsOptOut } = await import('../lib/measure-while-typing');
    draft.facts = textFacts(draft.prefix + draft.text, draft.type, { ...draft.samples, ...draft.row });
    if (draft.approved === null) return;
    draft.marks = departures(draft.approved, draft.text);
    draft.lacksOptOut = draft.text !== '' && !tellsOptOut(draft.text);
  });

  /** What somebody wrote goes only when they say so; the text of another template is nobody's. */
  const mayReplace = $((area: HTMLTextAreaElement, body: string): boolean => {
    const offered = [...options.templates, ...options.domestic.templates];
    const isOwn = area.value.trim() !== '' && area.value !== body && !offered.some((template) => template.body === area.value);
    return !isOwn || globalThis.confirm(_`Replace the text that you wrote with that of the template?`);
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
      {/* What Enter in a field does: the first submit button of a form, which would else be one of those beside the text. */}
      <button type="submit" hidden />
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
                  if (area && (await mayReplace(area, body))) {
                    draft.text = body;
                    area.value = body;
                  }
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
                      if (!(await mayReplace(area, template.body))) {
                        select.value = '';
                        return;
                      }
                      area.value = template.body;
                      draft.text = template.body;
                      draft.samples = template.samples;
                      await measure();
                    }}
                  >
                    <option value="">{_`No template`}</option>
                    {options.templates.map(({ id, name }) => (
                      <option key={id} value={id} selected={id === values.template}>
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
              <LiveFacts
                draft={draft}
                locale={locale}
                onReplace$={async (area) => {
                  const { replaceLookAlikes } = await import('../lib/measure-while-typing');
                  draft.text = replaceLookAlikes(draft.text);
                  if (area) area.value = draft.text;
                  await measure();
                }}
              />
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
                draft.row = sample;
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

/** These alone follow the typing; the rest of the form stays as the server made it. */
interface LiveFactsProps {
  readonly draft: Draft;
  readonly locale: Locale;
  readonly onReplace$: QRL<(area: HTMLTextAreaElement | null) => void>;
}

const LiveFacts = component$<LiveFactsProps>(({ draft, locale, onReplace$ }) => (
  // To the mainland nearly every text is UCS-2: there is nothing to warn of.
  <TextFactsLine facts={draft.approved === null ? draft.facts : { ...draft.facts, costly: [] }} locale={locale} onReplace$={onReplace$} />
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
          <button
            type="submit"
            class="btn small"
            name="intent"
            value="opt-out"
            preventdefault:click
            onClick$={(_event, button) => onOptOut$(button.form?.querySelector('textarea') ?? null)}
          >
            {_`Add the opt-out line`}
          </button>
        </Note>
      )}
    </>
  ),
);

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
