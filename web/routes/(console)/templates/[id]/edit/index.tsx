import { component$ } from '@builder.io/qwik';
import { routeAction$, routeLoader$, type DocumentHead, type RequestHandler } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { maySend } from '../../../../../../schema/console';
import { AppError } from '../../../../../../schema/errors';
import { parseTemplate } from '../../../../../../workers/rules/text-variables';
import { TemplateForm } from '../../../../../components/template-form';
import { textFacts } from '../../../../../lib/message-text';
import { attempt } from '../../../../../lib/outcome';
import { actorOf, localeOf, servicesOf } from '../../../../../lib/platform';
import { isSaved, readTemplate, templateAgain, type TemplateAnswer } from '../../../../../lib/template-form';
import { countryPrices, readOwnTemplate, templateIdOf } from '../../../../../lib/template-source';

export const onRequest: RequestHandler = (event) => {
  if (!maySend(actorOf(event))) throw new AppError('forbidden');
};

export const useEditedTemplate = routeLoader$(async (event) => {
  const { id, name, body, samples } = await readOwnTemplate(event);
  return { id, values: { name, body, samples }, prices: await countryPrices(event), locale: localeOf(event) };
});

export const useEditTemplate = routeAction$(async (form, event): Promise<TemplateAnswer> => {
  if (!isSaved(form)) return templateAgain(form, null);
  const id = templateIdOf(event);
  const tried = await attempt(event, () => servicesOf(event).templates.edit(actorOf(event), id, readTemplate(form)));
  if ('refused' in tried) return templateAgain(form, tried.refused);
  throw event.redirect(303, `/templates/${id}?saved=1`);
});

export default component$(() => {
  const { id, values: before, prices, locale } = useEditedTemplate().value;
  const edit = useEditTemplate();
  const values = edit.value?.values ?? before;
  return (
    <>
      <div class="head">
        <div class="grow">
          <h1>{_`Edit template`}</h1>
          <span class="muted">{_`Tasks that were made from it keep their text.`}</span>
        </div>
      </div>
      <TemplateForm
        action={edit.actionPath}
        values={values}
        facts={textFacts(values.body, 'auto', values.samples)}
        variables={[...new Set(parseTemplate(values.body).names)]}
        prices={prices}
        country={edit.value?.country ?? ''}
        refusal={edit.value?.refusal ?? undefined}
        locale={locale}
        back={`/templates/${id}`}
      />
    </>
  );
});

export const head: DocumentHead = () => ({ title: _`Edit template` });
