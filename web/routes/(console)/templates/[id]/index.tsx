import { component$ } from '@builder.io/qwik';
import { routeAction$, routeLoader$, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { maySend } from '../../../../../schema/console';
import { AskFirst } from '../../../../components/ask-first';
import { Icon } from '../../../../components/icon';
import { Note } from '../../../../components/note';
import { PhonePreview } from '../../../../components/phone-preview';
import { Table } from '../../../../components/table';
import { TextFactsLine } from '../../../../components/text-facts';
import { price } from '../../../../lib/amounts';
import { textFacts } from '../../../../lib/message-text';
import { attempt } from '../../../../lib/outcome';
import { actorOf, localeOf, servicesOf } from '../../../../lib/platform';
import { countryPrices, readOwnTemplate, templateIdOf } from '../../../../lib/template-source';
import { moment } from '../../../../lib/times';

export const useTemplate = routeLoader$(async (event) => {
  const actor = actorOf(event);
  const template = await readOwnTemplate(event);
  return {
    template,
    facts: textFacts(template.body, 'auto', template.samples),
    prices: await countryPrices(event),
    saved: event.query.has('saved'),
    mayChange: maySend(actor),
    locale: localeOf(event),
    timeZone: actor.timeZone,
  };
});

export const useRemoveTemplate = routeAction$(async (_form, event) => {
  const tried = await attempt(event, () => servicesOf(event).templates.remove(actorOf(event), templateIdOf(event)));
  if ('refused' in tried) return tried.refused;
  throw event.redirect(303, '/templates?removed=1');
});

export default component$(() => {
  const { template, facts, prices, saved, mayChange, locale, timeZone } = useTemplate().value;
  const remove = useRemoveTemplate();
  const { id, name, body, createdAt, updatedAt } = template;
  return (
    <>
      <div class="head">
        <div class="grow">
          <h1>{name}</h1>
          <span class="muted">{_`Changed ${moment(updatedAt, 'minute', timeZone)}, made ${moment(createdAt, 'minute', timeZone)}`}</span>
        </div>
        {mayChange && (
          <div class="bar">
            <a class="btn primary" href={`/tasks/new?template=${id}`}>
              <Icon name="send" />
              {_`Use in a task`}
            </a>
            <a class="btn" href={`/templates/${id}/edit`}>
              <Icon name="pen" />
              {_`Edit`}
            </a>
            <a class="btn" href={`/templates/new?copy=${id}`}>
              <Icon name="file" />
              {_`Copy`}
            </a>
            <AskFirst
              id="remove"
              label={_`Delete`}
              icon="trash"
              question={_`Delete this template?`}
              action={remove.actionPath}
              field={{ name: 'remove', value: '1' }}
            >
              {_`Tasks that were made from it keep their text. Calls of the API that name it are refused from then on.`}
            </AskFirst>
          </div>
        )}
      </div>
      {remove.value && <Note tone="bad">{remove.value.message}</Note>}
      {saved && <Note tone="ok">{_`The template is saved.`}</Note>}
      <div class="work">
        <div class="stack">
          <section class="card" aria-labelledby="text-title">
            <div class="title">
              <h2 id="text-title">{_`Text of the message`}</h2>
            </div>
            <div class="in">
              <p class="as-written">{body}</p>
              <TextFactsLine facts={facts} locale={locale} />
            </div>
          </section>
          <section class="card" aria-labelledby="prices-title">
            <div class="title">
              <h2 id="prices-title">{_`Price by country`}</h2>
              <span class="muted">{_`one message of ${facts.parts} parts`}</span>
            </div>
            <div class="tall">
              <Table
                caption={_`Price by country`}
                rows={prices}
                rowKey={({ country }) => country}
                columns={[
                  { head: _`Country`, wide: true, cell: ({ name: country }) => country },
                  { head: _`One part`, num: true, cell: ({ unitMicros }) => price(unitMicros, locale) },
                  { head: _`One message`, num: true, cell: ({ unitMicros }) => price(unitMicros * facts.parts, locale) },
                ]}
              />
            </div>
          </section>
        </div>
        <aside class="stack" aria-label={_`Preview on a phone`}>
          <PhonePreview sender="" segments={facts.segments} />
          <div class="card">
            <div class="in">
              <b>template_id</b>
              <p class="mono as-written">{id}</p>
              <p class="help">{_`Named in place of text in POST /v1/messages.`}</p>
            </div>
          </div>
        </aside>
      </div>
    </>
  );
});

export const head: DocumentHead = () => ({ title: _`Template` });
