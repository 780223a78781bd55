import { component$ } from '@builder.io/qwik';
import { routeAction$, type DocumentHead, type RequestHandler } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { maySend } from '../../../../../schema/console';
import { AppError } from '../../../../../schema/errors';
import { APPROVAL_KINDS, TRAFFIC_KINDS } from '../../../../../schema/states';
import { described, Field, invalid, SelectField, TextField } from '../../../../components/field';
import { Note } from '../../../../components/note';
import { again, posted } from '../../../../lib/forms';
import { approvalKindLabel, trafficKindLabel } from '../../../../lib/labels';
import { attempt } from '../../../../lib/outcome';
import { postedFiles } from '../../../../lib/posted-files';
import { actorOf, servicesOf } from '../../../../lib/platform';
import { refuseLargePost } from '../../../../lib/submit-task';

export const onRequest: RequestHandler = (event) => {
  if (!maySend(actorOf(event))) throw new AppError('forbidden');
};
export const onPost: RequestHandler = (event) => refuseLargePost(event);

export const useApply = routeAction$(async (form, event) => {
  const actor = actorOf(event);
  const files = await postedFiles(form, 'files');
  const tried = await attempt(event, () =>
    servicesOf(event).applyForApproval(actor, {
      kind: APPROVAL_KINDS.find((kind) => kind === posted(form, 'kind')) ?? 'signature',
      traffic: TRAFFIC_KINDS.find((kind) => kind === posted(form, 'traffic')) ?? 'marketing',
      name: posted(form, 'name'),
      body: posted(form, 'body'),
      note: posted(form, 'note'),
      files,
    }),
  );
  if ('refused' in tried) return tried.refused;
  throw event.redirect(303, `/approvals/${tried.done}`);
});

export default component$(() => {
  const apply = useApply();
  const form = apply.formData;
  const wrong = apply.value?.fields ?? {};
  // No browser keeps a chosen file in a page that comes again.
  const lost = form?.getAll('files[]').some((file) => file instanceof File && file.name !== '') ?? false;
  const wrongFiles = wrong['files'] ?? (lost ? _`Please choose the files again: nothing was sent yet.` : undefined);
  return (
    <>
      <div class="head">
        <div class="grow">
          <h1>{_`Apply for approval`}</h1>
          <span class="muted">{_`Mainland carriers take only what was approved before; our service team answers by mail.`}</span>
        </div>
      </div>
      <section class="card" aria-label={_`Application`}>
        <form method="post" action={apply.actionPath} enctype="multipart/form-data" class="in fields" noValidate>
          {apply.value && <Note tone="bad">{apply.value.message}</Note>}
          <div class="pair">
            <SelectField
              name="kind"
              label={_`Kind`}
              value={again(form, 'kind', 'signature')}
              options={APPROVAL_KINDS.map((kind) => ({ value: kind, label: approvalKindLabel(kind) }))}
            />
            <SelectField
              name="traffic"
              label={_`Use`}
              value={again(form, 'traffic', 'marketing')}
              options={TRAFFIC_KINDS.map((kind) => ({ value: kind, label: trafficKindLabel(kind) }))}
            />
          </div>
          <TextField
            name="name"
            label={_`Name of it`}
            value={again(form, 'name')}
            error={wrong['name']}
            help={_`The sender itself, the signature without 【】 (the platform adds them), or a name for the template.`}
          />
          <Field
            name="body"
            label={_`Text of the message`}
            hint={_`templates only`}
            error={wrong['body']}
            help={_`Without the signature; variables as {{name}}.`}
          >
            <textarea
              class="input"
              id="body"
              name="body"
              rows={5}
              {...invalid(wrong['body'])}
              aria-describedby={described('body', wrong['body'], true)}
              value={again(form, 'body')}
            />
          </Field>
          <TextField name="note" label={_`Note`} hint={_`optional`} value={again(form, 'note')} error={wrong['note']} />
          <Field
            name="files"
            label={_`Papers`}
            hint={_`optional`}
            error={wrongFiles}
            help={_`Business licence, letter of authority: PNG, JPEG or PDF, up to 5 files of 5 MB each.`}
          >
            <input
              class="input"
              id="files"
              name="files[]"
              type="file"
              multiple
              accept="image/png,image/jpeg,application/pdf"
              {...invalid(wrongFiles)}
              aria-describedby={described('files', wrongFiles, true)}
            />
          </Field>
          <div>
            <button type="submit" class="btn primary">
              {_`Apply`}
            </button>
          </div>
        </form>
      </section>
    </>
  );
});

export const head: DocumentHead = () => ({ title: _`Apply for approval` });
