/** What a domestic task chooses among: senders, signatures and templates that operators approved; and where its text departs from the template. */
import type { QRL } from '@builder.io/qwik';
import { _ } from 'compiled-i18n';
import type { Departure, DomesticOptions } from '../../schema/approvals';
import { Field } from './field';
import { Note } from './note';

interface DomesticFieldsProps {
  readonly options: DomesticOptions;
  readonly chosen: { readonly signature: string; readonly template: string };
  readonly sender: string;
  readonly errors: Readonly<Record<string, string>>;
  readonly onSender$: QRL<(value: string) => unknown>;
  readonly onSignature$: QRL<(name: string) => unknown>;
  readonly onTemplate$: QRL<(body: string, area: HTMLTextAreaElement | null) => unknown>;
}

export const DomesticFields = ({ options, chosen, sender, errors, onSender$, onSignature$, onTemplate$ }: DomesticFieldsProps) => {
  const { senders, signatures, templates } = options;
  return (
    <>
      <input type="hidden" name="kind" value="domestic" />
      {(senders.length === 0 || signatures.length === 0 || templates.length === 0) && (
        <Note tone="warn">
          {_`A mainland task needs an approved sender, signature and template.`} <a href="/approvals">{_`Apply for them`}</a>
        </Note>
      )}
      <div class="pair">
        <Field name="sender" label="From / Sender ID" error={errors['sender']}>
          <select class="input" id="sender" name="sender" onChange$={(_event, select) => onSender$(select.value)}>
            {senders.map(({ id, value }) => (
              <option key={id} value={value} selected={value === sender}>
                {value}
              </option>
            ))}
          </select>
        </Field>
        <Field name="signature" label={_`Signature`} error={errors['signature']}>
          <select
            class="input"
            id="signature"
            name="signature"
            onChange$={(_event, select) => onSignature$(select.selectedOptions[0]?.textContent?.trim() ?? '')}
          >
            {signatures.map(({ id, name }) => (
              <option key={id} value={id} selected={id === chosen.signature}>
                {`【${name}】`}
              </option>
            ))}
          </select>
        </Field>
      </div>
      <Field name="template" label={_`Approved template`} error={errors['template']}>
        <select
          class="input"
          id="template"
          name="template"
          onChange$={(_event, select) =>
            onTemplate$(select.selectedOptions[0]?.dataset['body'] ?? '', select.form?.querySelector('textarea') ?? null)
          }
        >
          {templates.map(({ id, name, body }) => (
            <option key={id} value={id} data-body={body} selected={id === chosen.template}>
              {name}
            </option>
          ))}
        </select>
      </Field>
    </>
  );
};

/** Added text is inserted, missing text struck out: told by the elements themselves, not by colour alone. */
export const Departures = ({ pieces, exact }: { pieces: readonly Departure[]; exact: boolean }) =>
  pieces.every(({ kind }) => kind === 'same') ? null : (
    <Note tone="warn">
      {exact
        ? _`The text departs from the approved template; your account sends approved texts only.`
        : _`The text departs from the approved template: carriers may block it.`}
      <p class="departures">
        {pieces.map(({ text, kind }, at) =>
          kind === 'added' ? <ins key={at}>{text}</ins> : kind === 'missing' ? <del key={at}>{text}</del> : <span key={at}>{text}</span>,
        )}
      </p>
    </Note>
  );
