import { component$ } from '@builder.io/qwik';
import { routeAction$, type DocumentHead, type RequestHandler } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { maySend } from '../../../../../schema/console';
import { AppError } from '../../../../../schema/errors';
import { EndpointFields } from '../../../../components/endpoint-fields';
import { endpointValuesAgain, NEW_ENDPOINT, readEndpoint } from '../../../../lib/endpoint-form';
import { attempt, refuseFields } from '../../../../lib/outcome';
import { actorOf, servicesOf } from '../../../../lib/platform';
import { showOnce } from '../../../../lib/shown-once';

export const onRequest: RequestHandler = (event) => {
  if (!maySend(actorOf(event))) throw new AppError('forbidden');
};

export const useCreate = routeAction$(async (form, event) => {
  const read = readEndpoint(form);
  if ('wrong' in read) return refuseFields(event, read.wrong);
  const tried = await attempt(event, () => servicesOf(event).webhooks.create(actorOf(event), read.form));
  if ('refused' in tried) return tried.refused;
  showOnce(event, tried.done.id, tried.done.secret);
  throw event.redirect(303, `/webhooks/${tried.done.id}`);
});

export default component$(() => {
  const create = useCreate();
  return (
    <>
      <div class="head">
        <h1 class="grow">{_`New endpoint`}</h1>
      </div>
      <EndpointFields
        action={create.actionPath}
        values={endpointValuesAgain(NEW_ENDPOINT, create.formData)}
        refusal={create.value}
        back="/webhooks"
        submit={_`Create`}
      />
    </>
  );
});

export const head: DocumentHead = () => ({ title: _`New endpoint` });
