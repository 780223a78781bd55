import { _ } from 'compiled-i18n';
import type { UserRole } from '../../../schema/states';
import { again } from '../../lib/forms';
import type { Refusal } from '../../lib/outcome';
import { AskFirst } from '../ask-first';
import { TextField } from '../field';
import { Check, FormCard } from './form-card';
import { UserFields } from './user-fields';

interface KeptUserProps {
  readonly user: {
    readonly name: string;
    readonly department: string;
    readonly role: UserRole;
    readonly email: string;
    readonly phones: readonly string[];
    readonly enabled: boolean;
  };
  readonly title: string;
  readonly form: FormData | undefined;
  readonly refusal: Refusal | undefined;
  readonly change: string;
  /** Where a new first password is asked for; null for oneself. */
  readonly renew: string | null;
}

/** What operators and owners alike change of a user who is there. */
export const KeptUser = ({ user, title, form, refusal, change, renew }: KeptUserProps) => (
  <>
    <FormCard id="user" title={title} action={change} refusal={refusal}>
      <UserFields form={form} refusal={refusal} before={user} />
      <TextField
        name="email"
        label={_`E-mail`}
        type="email"
        autocomplete="off"
        value={again(form, 'email', user.email)}
        error={refusal?.fields['email']}
        help={_`Another one ends the user's sessions; both addresses are told.`}
      />
      <TextField
        name="phones"
        label={_`Phones`}
        value={again(form, 'phones', user.phones.join(', '))}
        error={refusal?.fields['phones']}
        help={_`With country code; several with commas.`}
      />
      <Check name="enabled" label={_`May sign in`} checked={form ? form.has('enabled') : user.enabled} />
    </FormCard>
    {renew !== null && (
      <div>
        <AskFirst
          id="renew"
          label={_`New first password`}
          icon="refresh"
          question={_`Mail a new first password?`}
          action={renew}
          field={{ name: 'renew', value: '1' }}
        >
          {_`The present password and every session of this user end at once.`}
        </AskFirst>
      </div>
    )}
  </>
);
