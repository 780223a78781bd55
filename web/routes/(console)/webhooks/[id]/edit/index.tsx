import { component$ } from '@builder.io/qwik';
import { routeAction$, routeLoader$, type DocumentHead, type RequestHandler } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { maySend } from '../../../../../../schema/console';
import { AppError } from '../../../../../../schema/errors';
import { EndpointFields } from '../../../../../components/endpoint-fields';
import { endpointIdOf } from '../../../../../lib/endpoint-source';
import { endpointValues, endpointValuesAgain, readEndpoint } from '../../../../../lib/endpoint-form';
import { attempt, refuseFields } from '../../../../../lib/outcome';
import { actorOf, servicesOf } from '../../../../../lib/platform';

export const onRequest: RequestHandler = (event) => {
  if (!maySend(actorOf(event))) throw new AppError('forbidden');
};

export const useValues = routeLoader$(async (event) => {
  const endpoint = await servicesOf(event).webhooks.find(actorOf(event), endpointIdOf(event));
  // The address of a callback is what calls and tasks name.
  if (endpoint.kind === 'callback') throw new AppError('not_found');
  return { id: endpoint.id, values: endpointValues(endpoint) };
});

export const useEdit = routeAction$(async (form, event) => {
  const id = endpointIdOf(event);
  const read = readEndpoint(form);
  if ('wrong' in read) return refuseFields(event, read.wrong);
  const tried = await attempt(event, () => servicesOf(event).webhooks.edit(actorOf(event), id, read.form));
  if ('refused' in tried) return tried.refused;
  throw event.redirect(303, `/webhooks/${id}`);
});

export default component$(() => {
  const { id, values } = useValues().value;
  const edit = useEdit();
  return (
    <>
      <div class="head">
        <h1 class="grow">{_`Edit endpoint`}</h1>
      </div>
      <EndpointFields
        action={edit.actionPath}
        values={endpointValuesAgain(values, edit.formData)}
        refusal={edit.value}
        back={`/webhooks/${id}`}
        submit={_`Save`}
      />
    </>
  );
});

export const head: DocumentHead = () => ({ title: _`Edit endpoint` });
