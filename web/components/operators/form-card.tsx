import type { JSXChildren } from '@builder.io/qwik';
import { _ } from 'compiled-i18n';
import type { Refusal } from '../../lib/outcome';
import { Note } from '../note';

interface FormCardProps {
  /** Unique on the page. */
  readonly id: string;
  readonly title: string;
  readonly action: string;
  readonly refusal?: Refusal | undefined;
  readonly submit?: string;
  /** For forms that carry a file. */
  readonly enctype?: 'multipart/form-data';
  readonly children?: JSXChildren;
}

/** One form of an operators' page, with what refused it. */
export const FormCard = ({ id, title, action, refusal, submit, enctype, children }: FormCardProps) => (
  <section class="card" aria-labelledby={`${id}-title`}>
    <div class="title">
      <h2 id={`${id}-title`}>{title}</h2>
    </div>
    <form method="post" action={action} enctype={enctype} class="in fields" noValidate>
      {refusal && <Note tone="bad">{refusal.message}</Note>}
      {children}
      <div>
        <button type="submit" class="btn primary">
          {submit ?? _`Save`}
        </button>
      </div>
    </form>
  </section>
);

export const Saved = ({ url, says }: { url: URL; says?: string }) =>
  url.searchParams.has('done') ? <Note tone="ok">{says ?? _`Done, and recorded in the audit log.`}</Note> : null;

export const Check = ({ name, label, checked }: { name: string; label: string; checked: boolean }) => (
  <label class="check">
    <input type="checkbox" name={name} value="1" checked={checked} />
    {label}
  </label>
);
