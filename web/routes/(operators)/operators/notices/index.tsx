import { component$ } from '@builder.io/qwik';
import { routeAction$, routeLoader$, useLocation, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import type { NoticeId, TenantId } from '../../../../../schema/ids';
import { EmptyState } from '../../../../components/empty-state';
import { Field, TextField } from '../../../../components/field';
import { Note } from '../../../../components/note';
import { FormCard, Saved } from '../../../../components/operators/form-card';
import { Pager } from '../../../../components/pager';
import { Table } from '../../../../components/table';
import { again, posted } from '../../../../lib/forms';
import { deed } from '../../../../lib/operator-form';
import { withQuery } from '../../../../lib/paths';
import { localeOf, operatorOf, operatorServicesOf } from '../../../../lib/platform';
import { moment } from '../../../../lib/times';

export const usePosted = routeLoader$(async (event) => {
  const operator = operatorOf(event);
  const page = await operatorServicesOf(event).notices(operator, event.query.get('cursor'));
  return { ...page, locale: localeOf(event), timeZone: operator.timeZone };
});

export const usePostNotice = routeAction$((form, event) =>
  deed(event, (services, operator) =>
    services.postNotice(operator, {
      tenant: (posted(form, 'tenant').trim() || null) as TenantId | null,
      titleZh: posted(form, 'titleZh'),
      titleEn: posted(form, 'titleEn'),
      bodyZh: posted(form, 'bodyZh'),
      bodyEn: posted(form, 'bodyEn'),
    }),
  ),
);
export const useRemoveNotice = routeAction$((form, event) =>
  deed(event, (services, operator) => services.removeNotice(operator, posted(form, 'notice') as NoticeId)),
);

export default component$(() => {
  const { rows, cursor, locale, timeZone } = usePosted().value;
  const [post, remove] = [usePostNotice(), useRemoveNotice()];
  const { url } = useLocation();
  const form = post.formData;
  const wrong = post.value?.fields ?? {};
  const body = (name: string, label: string) => (
    <Field name={name} label={label} error={wrong[name]}>
      <textarea class="input" id={name} name={name} rows={4} aria-invalid={wrong[name] ? 'true' : undefined} value={again(form, name)} />
    </Field>
  );
  return (
    <>
      <h1>{_`Notices`}</h1>
      <Saved url={url} />
      {remove.value && <Note tone="bad">{remove.value.message}</Note>}
      <FormCard id="post" title={_`New notice`} action={post.actionPath} refusal={post.value} submit={_`Post`}>
        <TextField
          name="tenant"
          label={_`Tenant`}
          hint={_`optional`}
          placeholder="tn_"
          value={again(form, 'tenant', url.searchParams.get('tenant') ?? '')}
          error={wrong['tenant']}
          help={_`Id of one tenant; empty = everybody.`}
        />
        <div class="pair">
          <TextField name="titleZh" label={_`Title in Chinese`} value={again(form, 'titleZh')} error={wrong['titleZh']} />
          <TextField name="titleEn" label={_`Title in English`} value={again(form, 'titleEn')} error={wrong['titleEn']} />
        </div>
        <div class="pair">
          {body('bodyZh', _`Text in Chinese`)}
          {body('bodyEn', _`Text in English`)}
        </div>
      </FormCard>
      <section class="card" aria-label={_`Notices`}>
        {rows.length === 0 ? (
          <EmptyState title={_`No notices yet`} />
        ) : (
          <Table
            caption={_`Notices`}
            folds
            rows={rows}
            rowKey={({ id }) => id}
            columns={[
              {
                head: _`Title`,
                wide: true,
                fold: 'lead',
                cell: ({ titleZh, titleEn, bodyZh, bodyEn }) => (
                  <>
                    <b>{locale === 'zh-CN' ? titleZh : titleEn}</b>
                    <span class="sub">{locale === 'zh-CN' ? bodyZh : bodyEn}</span>
                  </>
                ),
              },
              { head: _`For`, cell: ({ tenant }) => (tenant === null ? _`Everybody` : <span class="mono">{tenant}</span>) },
              { head: _`Posted`, num: true, cell: ({ postedAt }) => moment(postedAt, 'minute', timeZone) },
              {
                head: _`Actions`,
                fold: 'whole',
                cell: ({ id, titleEn }) => (
                  <form method="post" action={remove.actionPath} class="acts">
                    <input type="hidden" name="notice" value={id} />
                    <button type="submit" class="btn small danger" aria-label={_`Take back: ${titleEn}`}>{_`Take back`}</button>
                  </form>
                ),
              },
            ]}
          />
        )}
        <Pager
          first={url.searchParams.has('cursor') ? withQuery(url, { cursor: null }) : null}
          next={cursor === null ? null : withQuery(url, { cursor, done: null })}
        />
      </section>
    </>
  );
});

export const head: DocumentHead = () => ({ title: _`Notices` });
