import { _ } from 'compiled-i18n';
import { LOGIN_REGIONS } from '../../schema/limits';
import { again } from '../lib/forms';
import { Field, invalid, TextField } from './field';

interface LoginFieldsProps {
  readonly form: FormData | undefined;
  readonly errors: Readonly<Record<string, string>> | undefined;
}

/** Radios, not links: what was typed stays, and it works without script. */
export const LoginFields = ({ form, errors }: LoginFieldsProps) => {
  const byPhone = again(form, 'by') === 'phone';
  const region = again(form, 'region', LOGIN_REGIONS[0]);
  return (
    <>
      <fieldset class="segments" aria-label={_`Sign in with`}>
        <label>
          <input class="unseen" type="radio" name="by" value="email" checked={!byPhone} />
          {_`E-mail`}
        </label>
        <label>
          <input class="unseen" type="radio" name="by" value="phone" checked={byPhone} />
          {_`Phone`}
        </label>
      </fieldset>
      <TextField
        class="by-email"
        name="email"
        label={_`E-mail`}
        type="email"
        autocomplete="username"
        placeholder="name@company.com"
        value={again(form, 'email')}
        error={errors?.['email']}
      />
      <Field class="by-phone" name="phone" label={_`Phone`} error={errors?.['phone']}>
        <div class="joined">
          <select class="input" name="region" aria-label={_`Country or region code`} autocomplete="tel-country-code">
            {LOGIN_REGIONS.map((code) => (
              <option key={code} value={code} selected={code === region}>
                {`+${code}`}
              </option>
            ))}
          </select>
          <input
            class="input"
            id="phone"
            name="phone"
            type="tel"
            inputMode="numeric"
            autocomplete="tel-national"
            value={again(form, 'phone')}
            {...invalid(errors?.['phone'])}
            aria-describedby={errors?.['phone'] ? 'phone-error' : undefined}
          />
        </div>
      </Field>
    </>
  );
};
