import { component$ } from '@builder.io/qwik';
import { routeAction$, routeLoader$, useLocation, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import type { SessionId } from '../../../../../schema/ids';
import { PASSWORD_MIN_LENGTH } from '../../../../../schema/limits';
import { LOCALES } from '../../../../../schema/states';
import { Note } from '../../../../components/note';
import { FormCard, Saved } from '../../../../components/operators/form-card';
import { PasswordField } from '../../../../components/password-field';
import { PreferencesForm } from '../../../../components/preferences-form';
import { SessionTable } from '../../../../components/session-table';
import { posted } from '../../../../lib/forms';
import { deed } from '../../../../lib/operator-form';
import { localeOf, operatorOf, operatorServicesOf } from '../../../../lib/platform';
import { rememberLocale } from '../../../../lib/preferences';
import { timeZones } from '../../../../lib/time-zones';

export const useOperator = routeLoader$(async (event) => {
  const operator = operatorOf(event);
  const { name, email, timeZone } = operator;
  const { sessions } = await operatorServicesOf(event).profile(operator);
  return { name, email, sessions, timeZone, timeZones: timeZones(timeZone), locale: localeOf(event) };
});
export const useOperatorPassword = routeAction$((form, event) =>
  deed(event, (services, operator) => services.changePassword(operator, posted(form, 'oldPassword'), posted(form, 'password'))),
);

export const useOperatorPreferences = routeAction$((form, event) => {
  const locale = LOCALES.find((known) => known === posted(form, 'locale')) ?? localeOf(event);
  return deed(event, async (services, operator) => {
    await services.setPreferences(operator, { locale, timeZone: posted(form, 'timeZone') });
    rememberLocale(event, locale);
  });
});
export const useEndOperatorSession = routeAction$((form, event) =>
  deed(event, (services, operator) => services.revokeSession(operator, posted(form, 'session') as SessionId)),
);

export default component$(() => {
  const { name, email, sessions, timeZone, timeZones: zones, locale } = useOperator().value;
  const [change, preferences, end] = [useOperatorPassword(), useOperatorPreferences(), useEndOperatorSession()];
  const { url } = useLocation();
  const wrong = change.value?.fields ?? {};
  return (
    <>
      <div class="head">
        <div class="grow">
          <h1>{name}</h1>
          <span class="muted">{email}</span>
        </div>
      </div>
      <Saved url={url} says={_`It is saved.`} />
      {end.value && <Note tone="bad">{end.value.message}</Note>}
      <PreferencesForm
        action={preferences.actionPath}
        locale={locale}
        timeZone={timeZone}
        timeZones={zones}
        error={preferences.value?.fields['timeZone']}
      />
      <FormCard id="password-change" title={_`Change password`} action={change.actionPath} refusal={change.value}>
        <div class="pair">
          <PasswordField name="oldPassword" label={_`Present password`} autocomplete="current-password" error={wrong['oldPassword']} />
          <PasswordField
            name="password"
            label={_`New password`}
            autocomplete="new-password"
            error={wrong['password']}
            help={_`At least ${PASSWORD_MIN_LENGTH} characters.`}
          />
        </div>
      </FormCard>
      <SessionTable sessions={sessions} action={end.actionPath} timeZone={timeZone} />
    </>
  );
});

export const head: DocumentHead = () => ({ title: _`Profile` });
