import { component$ } from '@builder.io/qwik';
import { routeAction$, routeLoader$, useLocation, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import type { ProfileView } from '../../../../schema/console';
import type { SessionId } from '../../../../schema/ids';
import { PASSWORD_MIN_LENGTH } from '../../../../schema/limits';
import { LOCALES } from '../../../../schema/states';
import { isTimeZone } from '../../../../workers/rules/local-time';
import { Note } from '../../../components/note';
import { PasswordField } from '../../../components/password-field';
import { PreferencesForm } from '../../../components/preferences-form';
import { SessionTable } from '../../../components/session-table';
import { moment, momentOrDash } from '../../../lib/times';
import { posted } from '../../../lib/forms';
import { roleLabel } from '../../../lib/labels';
import { attempt, refuseFields } from '../../../lib/outcome';
import { actorOf, localeOf, servicesOf } from '../../../lib/platform';
import { rememberLocale } from '../../../lib/preferences';
import { timeZones } from '../../../lib/time-zones';

export const useProfile = routeLoader$(async (event) => {
  const actor = actorOf(event);
  const profile = await servicesOf(event).profile(actor);
  return { profile, tenantName: actor.tenantName, locale: localeOf(event), timeZone: actor.timeZone, timeZones: timeZones(actor.timeZone) };
});

export const usePreferences = routeAction$(async (form, event) => {
  const locale = LOCALES.find((known) => known === posted(form, 'locale'));
  const timeZone = posted(form, 'timeZone');
  if (!isTimeZone(timeZone)) return refuseFields(event, [{ field: 'timeZone', code: 'invalid' }]);
  const tried = await attempt(event, () => servicesOf(event).setPreferences(actorOf(event), { ...(locale && { locale }), timeZone }));
  if ('refused' in tried) return tried.refused;
  if (locale) rememberLocale(event, locale);
  throw event.redirect(303, '/profile?saved=preferences');
});

export const usePassword = routeAction$(async (form, event) => {
  const before = posted(form, 'oldPassword');
  if (before === '') return refuseFields(event, [{ field: 'oldPassword', code: 'required' }]);
  const tried = await attempt(event, () => servicesOf(event).changePassword(actorOf(event), before, posted(form, 'password')));
  if ('refused' in tried) return tried.refused;
  throw event.redirect(303, '/profile?saved=password');
});

export const useRevoke = routeAction$(async (form, event) => {
  const tried = await attempt(event, () => servicesOf(event).revokeSession(actorOf(event), posted(form, 'session') as SessionId));
  if ('refused' in tried) return tried.refused;
  throw event.redirect(303, '/profile?saved=session');
});

export default component$(() => {
  const { profile, tenantName, locale, timeZone, timeZones: zones } = useProfile().value;
  const preferences = usePreferences();
  const password = usePassword();
  const revoke = useRevoke();
  const { url } = useLocation();
  const saved = url.searchParams.get('saved');
  const refusal = preferences.value ?? revoke.value;
  const wrong = password.value;
  const done: Readonly<Record<string, string>> = {
    preferences: _`Your preferences are saved.`,
    password: _`Your password was changed.`,
    session: _`That session has ended.`,
  };
  return (
    <>
      <h1>{_`Profile`}</h1>
      {saved !== null && done[saved] !== undefined && !refusal && !wrong && <Note tone="ok">{done[saved]}</Note>}
      {refusal && <Note tone="bad">{refusal.message}</Note>}
      <div class="halves">
        <Person profile={profile} tenantName={tenantName} timeZone={timeZone} />
        <div class="stack">
          <PreferencesForm
            action={preferences.actionPath}
            locale={locale}
            timeZone={timeZone}
            timeZones={zones}
            error={preferences.value?.fields['timeZone']}
          />
          <section class="card" aria-labelledby="password-title">
            <div class="title">
              <h2 id="password-title">{_`Change password`}</h2>
            </div>
            <form method="post" action={password.actionPath} class="in fields" noValidate>
              {wrong && Object.keys(wrong.fields).length === 0 && <Note tone="bad">{wrong.message}</Note>}
              <div class="pair">
                <PasswordField
                  name="oldPassword"
                  label={_`Present password`}
                  autocomplete="current-password"
                  error={wrong?.fields['oldPassword']}
                />
                <PasswordField
                  name="password"
                  label={_`New password`}
                  autocomplete="new-password"
                  error={wrong?.fields['password']}
                  help={_`At least ${PASSWORD_MIN_LENGTH} characters.`}
                />
              </div>
              <div>
                <button type="submit" class="btn primary">{_`Change password`}</button>
              </div>
            </form>
          </section>
        </div>
      </div>
      <SessionTable sessions={profile.sessions} action={revoke.actionPath} timeZone={timeZone} />
    </>
  );
});

const Person = ({ profile, tenantName, timeZone }: { profile: ProfileView; tenantName: string; timeZone: string }) => (
  <section class="card" aria-labelledby="person-title">
    <div class="title">
      <h2 id="person-title">{_`Your data`}</h2>
    </div>
    <div class="in">
      <dl class="rows">
        <div>
          <dt>{_`Name`}</dt>
          <dd>{profile.name}</dd>
        </div>
        <div>
          <dt>{_`Company`}</dt>
          <dd>{tenantName}</dd>
        </div>
        <div>
          <dt>{_`Department`}</dt>
          <dd>{profile.department === '' ? '—' : profile.department}</dd>
        </div>
        <div>
          <dt>{_`E-mail`}</dt>
          <dd>{profile.email}</dd>
        </div>
        <div>
          <dt>{_`Phones`}</dt>
          <dd>
            {profile.phones.length === 0
              ? '—'
              : profile.phones.map((phone) => (
                  <span key={phone} class="line">
                    {phone}
                  </span>
                ))}
          </dd>
        </div>
        <div>
          <dt>{_`Role`}</dt>
          <dd>{roleLabel(profile.role)}</dd>
        </div>
        <div>
          <dt>{_`Created`}</dt>
          <dd>{moment(profile.createdAt, 'minute', timeZone)}</dd>
        </div>
        <div>
          <dt>{_`Last sign-ins`}</dt>
          <dd>
            {profile.signIns.length === 0 && momentOrDash(profile.lastSignInAt, 'minute', timeZone)}
            {profile.signIns.map(({ at, address }) => (
              <span key={at} class="line">
                {moment(at, 'minute', timeZone)} <span class="mono muted">{address}</span>
              </span>
            ))}
          </dd>
        </div>
      </dl>
      <p class="help">{_`An owner of your company or our service team changes these for you.`}</p>
    </div>
  </section>
);

export const head: DocumentHead = () => ({ title: _`Profile` });
