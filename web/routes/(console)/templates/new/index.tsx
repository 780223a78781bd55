import { component$ } from '@builder.io/qwik';
import { routeAction$, routeLoader$, useLocation, type DocumentHead, type RequestHandler } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { maySend } from '../../../../../schema/console';
import { AppError } from '../../../../../schema/errors';
import type { TemplateId } from '../../../../../schema/ids';
import { TEMPLATE_NAME_MAX } from '../../../../../schema/limits';
import { parseTemplate } from '../../../../../workers/rules/text-variables';
import { TemplateForm } from '../../../../components/template-form';
import { textFacts } from '../../../../lib/message-text';
import { attempt } from '../../../../lib/outcome';
import { actionPath } from '../../../../lib/paths';
import { actorOf, localeOf, servicesOf } from '../../../../lib/platform';
import { isSaved, NEW_TEMPLATE, readTemplate, templateAgain, type TemplateAnswer } from '../../../../lib/template-form';
import { countryPrices } from '../../../../lib/template-source';

export const onRequest: RequestHandler = (event) => {
  if (!maySend(actorOf(event))) throw new AppError('forbidden');
};

/** A copy is a new template that begins with what another one holds. */
export const useNewTemplate = routeLoader$(async (event) => {
  const copied = event.query.get('copy') ?? '';
  const from = copied === '' ? null : await servicesOf(event).templates.find(actorOf(event), copied as TemplateId);
  const [prices, locale] = [await countryPrices(event), localeOf(event)];
  return { prices, locale, values: from === null ? NEW_TEMPLATE : { name: from.name, body: from.body, samples: from.samples }, copied };
});

export const useCreateTemplate = routeAction$(async (form, event): Promise<TemplateAnswer> => {
  if (!isSaved(form)) return templateAgain(form, null);
  const tried = await attempt(event, () => servicesOf(event).templates.create(actorOf(event), readTemplate(form)));
  if ('refused' in tried) return templateAgain(form, tried.refused);
  throw event.redirect(303, `/templates/${tried.done}?saved=1`);
});

export default component$(() => {
  const { prices, locale, values: before, copied } = useNewTemplate().value;
  const create = useCreateTemplate();
  const { url } = useLocation();
  const begun = copied === '' ? before : { ...before, name: _`${before.name} (copy)`.slice(0, TEMPLATE_NAME_MAX) };
  const values = create.value?.values ?? begun;
  return (
    <>
      <div class="head">
        <h1 class="grow">{copied === '' ? _`New template` : _`Copy template`}</h1>
      </div>
      <TemplateForm
        action={actionPath(create.actionPath, url)}
        values={values}
        facts={textFacts(values.body, 'auto', values.samples)}
        variables={[...new Set(parseTemplate(values.body).names)]}
        prices={prices}
        country={create.value?.country ?? ''}
        refusal={create.value?.refusal ?? undefined}
        locale={locale}
        back={copied === '' ? '/templates' : `/templates/${copied}`}
      />
    </>
  );
});

export const head: DocumentHead = () => ({ title: _`New template` });
