import { component$ } from '@builder.io/qwik';
import { routeAction$, routeLoader$, type DocumentHead, type RequestHandler } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { maySend } from '../../../../../schema/console';
import { AppError } from '../../../../../schema/errors';
import { Steps } from '../../../../components/steps';
import { TaskForm } from '../../../../components/task-form';
import { actorOf, localeOf, servicesOf } from '../../../../lib/platform';
import { formValues, newTaskValues, textSigns, type TaskFormAnswer } from '../../../../lib/task-form';
import { refuseLargePost, submitTask } from '../../../../lib/submit-task';

export const onRequest: RequestHandler = (event) => {
  if (!maySend(actorOf(event))) throw new AppError('forbidden');
};

export const onPost: RequestHandler = (event) => refuseLargePost(event);

export const useOptions = routeLoader$(async (event) => {
  const options = await servicesOf(event).taskFormOptions(actorOf(event));
  return { options, locale: localeOf(event), values: newTaskValues(options, 'international', event.query.get('template') ?? '') };
});

export const useCreateTask = routeAction$(async (form, event): Promise<TaskFormAnswer | undefined> => {
  const actor = actorOf(event);
  const submitted = await submitTask(event, form, (content) => servicesOf(event).createTask(actor, content));
  if ('again' in submitted) return submitted.again;
  throw event.redirect(303, `/tasks/${submitted.done}`);
});

export default component$(() => {
  const { options, locale, values: before } = useOptions().value;
  const create = useCreateTask();
  const values = formValues(before, create.formData, create.value);
  return (
    <>
      <div class="head">
        <div class="grow">
          <h1>{_`New task: International | HK, MO, TW`}</h1>
          <span class="muted">{_`Content and numbers first; then you see what it will cost.`}</span>
        </div>
      </div>
      <Steps current={0} />
      <TaskForm
        action={create.actionPath}
        options={options}
        values={values}
        signs={textSigns(options, values)}
        refusal={create.value?.refusal ?? undefined}
        locale={locale}
        mayDraft
      />
    </>
  );
});

export const head: DocumentHead = () => ({ title: _`New task` });
