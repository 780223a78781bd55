import { component$ } from '@builder.io/qwik';
import { routeAction$, routeLoader$, type DocumentHead, type RequestHandler } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { maySend } from '../../../../../../schema/console';
import { AppError } from '../../../../../../schema/errors';
import { Steps } from '../../../../../components/steps';
import { TaskForm } from '../../../../../components/task-form';
import { textFacts } from '../../../../../lib/message-text';
import { actorOf, localeOf, servicesOf } from '../../../../../lib/platform';
import { formValues, type TaskFormRefusal, type TaskFormValues } from '../../../../../lib/task-form';
import { refuseLargePost, submitTask } from '../../../../../lib/submit-task';

export const onRequest: RequestHandler = (event) => {
  if (!maySend(actorOf(event))) throw new AppError('forbidden');
};

export const onPost: RequestHandler = (event) => refuseLargePost(event);

export const useDomesticOptions = routeLoader$(async (event) => {
  const options = await servicesOf(event).taskFormOptions(actorOf(event));
  const { signatures, templates } = options.domestic;
  // Of what the form begins with: the first signature before the first template.
  const begins = `${signatures[0] ? `【${signatures[0].name}】` : ''}${templates[0]?.body ?? ''}`;
  return { options, locale: localeOf(event), facts: textFacts(begins, 'auto', {}) };
});

export const useCreateDomesticTask = routeAction$(async (form, event): Promise<TaskFormRefusal | undefined> => {
  const actor = actorOf(event);
  const submitted = await submitTask(event, form, (content) => servicesOf(event).createTask(actor, content));
  if ('refused' in submitted) return submitted.refused;
  throw event.redirect(303, `/tasks/${submitted.done}`);
});

export default component$(() => {
  const { options, locale, facts } = useDomesticOptions().value;
  const create = useCreateDomesticTask();
  const first = options.domestic.templates[0];
  const empty: TaskFormValues = {
    name: '',
    key: options.keys[0]?.id ?? '',
    sender: options.domestic.senders[0]?.value ?? '',
    text: first?.body ?? '',
    textType: 'auto',
    checkNumbers: true,
    receipts: false,
    callbackUrl: '',
    upload: '',
    fileName: '',
    domestic: { signature: options.domestic.signatures[0]?.id ?? '', template: first?.id ?? '' },
  };
  return (
    <>
      <div class="head">
        <div class="grow">
          <h1>{_`New task: mainland China`}</h1>
          <span class="muted">{_`Content and numbers first; then you see what it will cost.`}</span>
        </div>
      </div>
      <Steps current={0} />
      <TaskForm
        action={create.actionPath}
        options={options}
        values={formValues(empty, create.formData, create.value)}
        facts={create.value?.facts ?? facts}
        refusal={create.value}
        locale={locale}
        mayDraft
      />
    </>
  );
});

export const head: DocumentHead = () => ({ title: _`New task` });
