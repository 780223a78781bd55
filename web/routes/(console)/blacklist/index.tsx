import { component$ } from '@builder.io/qwik';
import {
  routeAction$,
  routeLoader$,
  useLocation,
  type DocumentHead,
  type RequestEventCommon,
  type RequestHandler,
} from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { maySend } from '../../../../schema/console';
import { AppError, rowRejectionText } from '../../../../schema/errors';
import type { KeyId, UploadId } from '../../../../schema/ids';
import { BLACKLIST_LINES_MAX } from '../../../../schema/limits';
import { BlacklistImportForm, BlacklistImportList } from '../../../components/blacklist-import';
import { BlacklistTable } from '../../../components/blacklist-table';
import { EmptyState } from '../../../components/empty-state';
import { ExportForm } from '../../../components/export-form';
import { described, Field, SelectField, TextField } from '../../../components/field';
import { FilterBar } from '../../../components/filter-bar';
import { Note } from '../../../components/note';
import { Pager } from '../../../components/pager';
import { Pick } from '../../../components/pick';
import { blacklistLines } from '../../../lib/blacklist-lines';
import { countryNames, countryOptions } from '../../../lib/country-options';
import { postedFormat } from '../../../lib/export-choice';
import { again, posted, postedList } from '../../../lib/forms';
import { number } from '../../../lib/numbers';
import { attempt, refuseFields } from '../../../lib/outcome';
import { actionPath, withQuery } from '../../../lib/paths';
import { actorOf, localeOf, servicesOf } from '../../../lib/platform';
import { refuseLargePost } from '../../../lib/submit-task';
import { storePostedFile } from '../../../lib/task-form';

/** The key in the address, or the tenant's first one; null where the tenant has none. @throws AppError not_found for a key that is not the tenant's */
async function chosenKey(event: RequestEventCommon) {
  const keys = await servicesOf(event).keys.list(actorOf(event));
  const wanted = event.query.get('key') ?? '';
  const key = wanted === '' ? keys[0] : keys.find(({ id }) => id === wanted);
  if (key) return { keys, key };
  if (wanted !== '') throw new AppError('not_found');
  return null;
}

async function keyOf(event: RequestEventCommon): Promise<KeyId> {
  const chosen = await chosenKey(event);
  if (chosen === null) throw new AppError('not_found');
  return chosen.key.id;
}

export const onPost: RequestHandler = (event) => refuseLargePost(event);

export const useBlacklist = routeLoader$(async (event) => {
  const actor = actorOf(event);
  const { blacklist } = servicesOf(event);
  const chosen = await chosenKey(event);
  if (chosen === null) return null;
  const { keys, key } = chosen;
  const search = event.query.get('search')?.trim() ?? '';
  const [counts, imports, tried] = await Promise.all([
    blacklist.counts(actor, key.id),
    blacklist.imports(actor, key.id),
    attempt(event, () => blacklist.list(actor, key.id, event.query.get('cursor'), search === '' ? null : search)),
  ]);
  return {
    keys: keys.map(({ id, name }) => ({ value: id, label: name })),
    key: key.id,
    counts,
    allCountries: maySend(actor) ? countryOptions(localeOf(event)) : [],
    blockedNames: countryNames(counts.countries, localeOf(event)),
    imports,
    page: 'done' in tried ? tried.done : { rows: [], cursor: null },
    refusal: 'refused' in tried ? tried.refused : null,
    saved: event.query.get('saved'),
    added: event.query.get('added'),
    mayChange: maySend(actor),
    locale: localeOf(event),
    timeZone: actor.timeZone,
  };
});

export const useAdd = routeAction$(async (form, event) => {
  const locale = localeOf(event);
  const lines = blacklistLines(posted(form, 'numbers'));
  if (lines.length === 0) return refuseFields(event, [{ field: 'numbers', code: 'required' }]);
  if (lines.length > BLACKLIST_LINES_MAX)
    return refuseFields(event, [{ field: 'numbers', code: 'too_many', details: { max: BLACKLIST_LINES_MAX } }]);
  const key = await keyOf(event);
  const tried = await attempt(event, () =>
    servicesOf(event).blacklist.add(
      actorOf(event),
      key,
      lines.map(({ value }) => value),
    ),
  );
  if ('refused' in tried) return tried.refused;
  const { added, rejected } = tried.done;
  if (rejected.length === 0) throw event.redirect(303, `/blacklist?key=${key}&added=${added}`);
  const reasons = new Map(rejected.map(({ input, code }) => [input, rowRejectionText(code, locale)]));
  return {
    failed: false as const,
    added,
    rejected: lines.flatMap(({ line, value }) => {
      const reason = reasons.get(value);
      return reason === undefined ? [] : [{ line, value, reason }];
    }),
  };
});

export const useImport = routeAction$(async (form, event) => {
  const actor = actorOf(event);
  const services = servicesOf(event);
  const key = await keyOf(event);
  const tried = await attempt(event, async () => {
    const sent = posted(form, 'upload');
    const upload = sent === '' ? await storePostedFile(services, actor, form) : (sent as UploadId);
    if (upload === null) throw new AppError('invalid_request', { fields: [{ field: 'upload', code: 'required' }] });
    return services.blacklist.startImport(actor, key, upload);
  });
  if ('refused' in tried) return tried.refused;
  throw event.redirect(303, `/blacklist?key=${key}&saved=import`);
});

export const useExport = routeAction$(async (form, event) => {
  const key = await keyOf(event);
  const request = { kind: 'blacklist', format: postedFormat(form), filter: { key }, bom: true } as const;
  const tried = await attempt(event, () => servicesOf(event).startExport(actorOf(event), request));
  if ('refused' in tried) return tried.refused;
  throw event.redirect(303, '/downloads');
});

export const useRemove = routeAction$(async (form, event) => {
  const key = await keyOf(event);
  const tried = await attempt(event, () => servicesOf(event).blacklist.remove(actorOf(event), key, [posted(form, 'number')]));
  if ('refused' in tried) return tried.refused;
  // Whoever removes several goes on where they were.
  throw event.redirect(303, withQuery(event.url, { key, saved: 'removed', added: null }));
});

export const useCountries = routeAction$(async (form, event) => {
  const key = await keyOf(event);
  const tried = await attempt(event, () => servicesOf(event).blacklist.setCountries(actorOf(event), key, postedList(form, 'countries')));
  if ('refused' in tried) return tried.refused;
  throw event.redirect(303, `/blacklist?key=${key}&saved=countries`);
});

export default component$(() => {
  const view = useBlacklist().value;
  const [add, remove, countries, file, start] = [useAdd(), useRemove(), useCountries(), useImport(), useExport()];
  const { url } = useLocation();
  if (view === null) return <WithoutKey />;
  const { keys, key, counts, allCountries, blockedNames, imports, page, refusal, saved, added, mayChange, locale, timeZone } = view;
  const query = url.searchParams;
  const search = query.get('search') ?? '';
  const wrong = add.value?.failed ? add.value : undefined;
  const partly = add.value?.failed === false ? add.value : null;
  const wrongCountries = Object.values(countries.value?.fields ?? {})[0];
  const done: Readonly<Record<string, string>> = {
    removed: _`The number was removed.`,
    countries: _`The countries are saved.`,
    // What has become of the file stands beside its name.
    ...(imports.some(({ state }) => state === 'running') && { import: _`The file is read now; you may leave the page.` }),
  };
  return (
    <>
      <div class="head">
        <div class="grow">
          <h1>{_`Blacklist`}</h1>
          <span class="muted">{_`Numbers and countries that a key never sends to. Whoever answers STOP is added by itself.`}</span>
        </div>
        <ExportForm action={actionPath(start.actionPath, url)} kinds={['blacklist']} first="csv" />
      </div>
      {start.value && <Note tone="bad">{start.value.message}</Note>}
      {file.value && file.value.fields['upload'] === undefined && <Note tone="bad">{file.value.message}</Note>}
      {remove.value && <Note tone="bad">{remove.value.message}</Note>}
      {refusal && <Note tone="bad">{refusal.message}</Note>}
      {saved !== null && done[saved] !== undefined && <Note tone="ok">{done[saved]}</Note>}
      {added !== null && <Note tone="ok">{_`${number(Number(added) || 0, locale)} numbers were added.`}</Note>}
      {partly && (
        <Note tone="warn">
          <p>{_`${number(partly.added, locale)} numbers were added; ${number(partly.rejected.length, locale)} lines are no numbers:`}</p>
          <ul class="refused">
            {partly.rejected.map(({ line, value, reason }, at) => (
              <li key={at}>
                {_`line ${line}:`} <span class="mono">{value}</span> – {reason}
              </li>
            ))}
          </ul>
        </Note>
      )}
      <FilterBar
        action="/blacklist"
        clear={withQuery(url, { search: null, cursor: null, saved: null, added: null })}
        active={search === '' ? [] : [{ text: search, without: withQuery(url, { search: null, cursor: null }) }]}
      >
        <SelectField name="key" label={_`Key`} value={key} options={keys} />
        <TextField
          name="search"
          label={_`Number`}
          value={search}
          error={refusal?.fields['search']}
          inputMode="tel"
          placeholder="+55 11 9…"
        />
      </FilterBar>
      <div class="halves">
        <section class="card" aria-labelledby="add-title">
          <div class="title">
            <h2 id="add-title">{_`Add numbers`}</h2>
          </div>
          {mayChange ? (
            <form method="post" action={actionPath(add.actionPath, url)} class="in fields" noValidate>
              {wrong && Object.keys(wrong.fields).length === 0 && <Note tone="bad">{wrong.message}</Note>}
              <Field
                name="numbers"
                label={_`Numbers`}
                error={wrong?.fields['numbers']}
                help={_`With country code, one a line, up to ${number(BLACKLIST_LINES_MAX, locale)} lines.`}
              >
                <textarea
                  class="input mono"
                  id="numbers"
                  name="numbers"
                  rows={5}
                  spellcheck={false}
                  aria-invalid={wrong?.fields['numbers'] ? 'true' : undefined}
                  aria-describedby={described('numbers', wrong?.fields['numbers'], true)}
                >
                  {wrong ? again(add.formData, 'numbers') : (partly?.rejected ?? []).map(({ value }) => value).join('\n')}
                </textarea>
              </Field>
              <div>
                <button type="submit" class="btn primary">{_`Add`}</button>
              </div>
            </form>
          ) : (
            <p class="in muted">{_`Your role may look at the blacklist, not change it.`}</p>
          )}
        </section>
        <section class="card" aria-labelledby="countries-title">
          <div class="title">
            <h2 id="countries-title">{_`Countries`}</h2>
          </div>
          <form method="post" action={actionPath(countries.actionPath, url)} class="in fields" noValidate>
            {mayChange ? (
              <>
                <Pick
                  name="countries[]"
                  label={_`Never to these countries`}
                  options={allCountries}
                  chosen={countries.formData ? postedList(countries.formData, 'countries') : counts.countries}
                  none={_`None is blocked`}
                  seek={_`Search countries`}
                  error={wrongCountries}
                />
                <div>
                  <button type="submit" class="btn">{_`Save`}</button>
                </div>
              </>
            ) : (
              <p>{blockedNames === '' ? _`None is blocked` : blockedNames}</p>
            )}
          </form>
        </section>
      </div>
      {(mayChange || imports.length > 0) && (
        <section class="card" aria-labelledby="file-title">
          <div class="title">
            <h2 id="file-title">{_`Add a file of numbers`}</h2>
          </div>
          {mayChange && (
            <BlacklistImportForm action={actionPath(file.actionPath, url)} error={file.value?.fields['upload']} locale={locale} />
          )}
          {imports.length > 0 && <BlacklistImportList imports={imports} locale={locale} timeZone={timeZone} />}
        </section>
      )}
      <section class="card" aria-labelledby="numbers-title">
        <div class="title">
          <h2 id="numbers-title">{_`Numbers`}</h2>
          <span class="muted">{_`${number(counts.numbers, locale)} in all`}</span>
        </div>
        <BlacklistTable
          rows={page.rows}
          searched={search !== ''}
          remove={mayChange ? actionPath(remove.actionPath, url) : null}
          timeZone={timeZone}
        />
        <Pager
          first={query.has('cursor') ? withQuery(url, { cursor: null }) : null}
          next={page.cursor === null ? null : withQuery(url, { cursor: page.cursor, saved: null, added: null })}
        />
      </section>
    </>
  );
});

const WithoutKey = () => (
  <>
    <h1>{_`Blacklist`}</h1>
    <section class="card" aria-label={_`Blacklist`}>
      <EmptyState icon="key" title={_`There is no key yet`}>
        <span>{_`Every key has a blacklist of its own.`}</span>
        <a class="btn primary" href="/keys">
          {_`How to get a key`}
        </a>
      </EmptyState>
    </section>
  </>
);

export const head: DocumentHead = () => ({ title: _`Blacklist` });
