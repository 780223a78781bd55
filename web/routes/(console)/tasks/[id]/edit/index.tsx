import { component$ } from '@builder.io/qwik';
import { routeAction$, routeLoader$, type DocumentHead, type RequestHandler } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { AppError } from '../../../../../../schema/errors';
import { splitSignature } from '../../../../../../workers/rules/mainland';
import { Steps } from '../../../../../components/steps';
import { TaskForm } from '../../../../../components/task-form';
import { actorOf, localeOf, servicesOf } from '../../../../../lib/platform';
import { refuseLargePost, submitTask } from '../../../../../lib/submit-task';
import { formValues, textSigns, type TaskFormAnswer, type TaskFormValues } from '../../../../../lib/task-form';
import { readTask, taskIdOf } from '../../../../../lib/task-source';

export const onPost: RequestHandler = (event) => refuseLargePost(event);

/** The signature is added by the platform each time. */
const bodyOf = (text: string): string => splitSignature(text)?.body ?? text;

export const useEditable = routeLoader$(async (event) => {
  const [options, view] = await Promise.all([servicesOf(event).taskFormOptions(actorOf(event)), readTask(event)]);
  if (!view.actions.includes('edit')) throw new AppError('conflict');
  const { settings, file } = view;
  const values: TaskFormValues = {
    name: settings.name,
    key: settings.key,
    sender: settings.sender,
    text: settings.domestic ? bodyOf(settings.text) : settings.text,
    textType: settings.textType,
    checkNumbers: settings.checkNumbers,
    receipts: settings.callbackUrl !== null,
    callbackUrl: settings.callbackUrl ?? '',
    upload: settings.upload ?? '',
    fileName: file?.name ?? '',
    template: '',
    domestic: settings.domestic ?? null,
  };
  return { id: settings.task, options, values, locale: localeOf(event) };
});

export const useEditTask = routeAction$(async (form, event): Promise<TaskFormAnswer | undefined> => {
  const actor = actorOf(event);
  const submitted = await submitTask(event, form, (content) => servicesOf(event).editTask(actor, taskIdOf(event), content));
  if ('again' in submitted) return submitted.again;
  throw event.redirect(303, `/tasks/${taskIdOf(event)}`);
});

export default component$(() => {
  const { id, options, values: before, locale } = useEditable().value;
  const edit = useEditTask();
  const values = formValues(before, edit.formData, edit.value);
  return (
    <>
      <div class="head">
        <div class="grow">
          <h1>{_`Edit task`}</h1>
          <span class="muted">{_`The numbers are checked again, because parts and prices depend on the text.`}</span>
        </div>
        <a class="btn" href={`/tasks/${id}`}>
          {_`Leave it as it was`}
        </a>
      </div>
      <Steps current={0} />
      <TaskForm
        action={edit.actionPath}
        options={options}
        values={values}
        signs={textSigns(options, values)}
        refusal={edit.value?.refusal ?? undefined}
        locale={locale}
        mayDraft={false}
      />
    </>
  );
});

export const head: DocumentHead = () => ({ title: _`Edit task` });
