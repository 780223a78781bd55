import { component$ } from '@builder.io/qwik';
import { routeAction$, routeLoader$, useLocation, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { PASSWORD_MIN_LENGTH } from '../../../../../schema/limits';
import { FormCard, Saved } from '../../../../components/operators/form-card';
import { PasswordField } from '../../../../components/password-field';
import { posted } from '../../../../lib/forms';
import { deed } from '../../../../lib/operator-form';
import { operatorOf } from '../../../../lib/platform';

export const useOperator = routeLoader$((event) => {
  const { name, email } = operatorOf(event);
  return { name, email };
});
export const useOperatorPassword = routeAction$((form, event) =>
  deed(event, (services, operator) => services.changePassword(operator, posted(form, 'oldPassword'), posted(form, 'password'))),
);

export default component$(() => {
  const { name, email } = useOperator().value;
  const change = useOperatorPassword();
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
      <Saved url={url} />
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
    </>
  );
});

export const head: DocumentHead = () => ({ title: _`Profile` });
