import { $, component$, sync$, useStore } from '@builder.io/qwik';
import { _ } from 'compiled-i18n';
import type { Locale } from '../../schema/states';
import type { TextFacts } from '../lib/message-text';
import type { Refusal } from '../lib/outcome';
import { EmptyState } from './empty-state';
import { described, FieldError, SelectField, type Option } from './field';
import { Note } from './note';
import { TextFactsLine } from './text-facts';

interface OptOutReplyProps {
  readonly action: string;
  /** '' = none. */
  readonly text: string;
  readonly facts: TextFacts;
  readonly key_: string;
  readonly keys: readonly Option[];
  readonly refusal: Refusal | null;
  readonly mayChange: boolean;
  readonly locale: Locale;
}

/** What is answered to an opt-out: its text, with the parts that it costs, and the key that sends it. */
export const OptOutReply = component$<OptOutReplyProps>(({ action, text, facts, key_, keys, refusal, mayChange, locale }) => {
  const draft = useStore<{ facts: TextFacts }>({ facts });
  const errors = refusal?.fields ?? {};
  const measure = $(async (value: string) => {
    const { textFacts } = await import('../lib/measure-while-typing');
    draft.facts = { ...textFacts(value, 'auto', {}), malformed: [], variables: false };
  });
  return (
    <section class="card" aria-labelledby="reply-title">
      <div class="title">
        <h2 id="reply-title">{_`Automatic answer to opt-outs`}</h2>
      </div>
      {mayChange && keys.length > 0 ? (
        <form method="post" action={action} class="in fields" noValidate>
          {refusal && Object.keys(errors).length === 0 && <Note tone="bad">{refusal.message}</Note>}
          <div class="field">
            <label for="text">{_`Text of the answer`}</label>
            <textarea
              class="input"
              id="text"
              name="text"
              rows={3}
              aria-invalid={errors['text'] ? 'true' : undefined}
              aria-describedby={described('text', errors['text'], true)}
              document:onQInit$={sync$((_event: Event, area: HTMLTextAreaElement) => {
                if (area.value !== area.defaultValue) area.dispatchEvent(new Event('input', { bubbles: true }));
              })}
              onInput$={(_event, area) => measure(area.value)}
            >
              {text}
            </textarea>
            <FieldError name="text" error={errors['text']} />
            <TextFactsLine facts={draft.facts} locale={locale} />
            <p class="help" id="text-help">
              {_`Sent once to whoever opts out, from the number they wrote to, at the usual price. Empty: no answer.`}
            </p>
          </div>
          <SelectField name="key" label={_`Sent with the key`} value={key_} options={keys} error={errors['key']} />
          <div>
            <button type="submit" class="btn primary">{_`Save`}</button>
          </div>
        </form>
      ) : (
        <div class="in">
          {text !== '' && <p class="pre">{text}</p>}
          {text === '' && keys.length > 0 && <p class="muted">{_`Nobody is answered. Owners of the account can set a text.`}</p>}
          {keys.length === 0 && (
            <EmptyState icon="key" title={_`There is no key yet`}>
              <span>{_`The answer is sent as a message of one of your keys.`}</span>
              <a class="btn" href="/keys">
                {_`How to get a key`}
              </a>
            </EmptyState>
          )}
        </div>
      )}
    </section>
  );
});
