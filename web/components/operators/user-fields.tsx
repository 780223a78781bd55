import { _ } from 'compiled-i18n';
import { USER_ROLES, type UserRole } from '../../../schema/states';
import { again } from '../../lib/forms';
import { roleLabel } from '../../lib/labels';
import type { Refusal } from '../../lib/outcome';
import { SelectField, TextField } from '../field';

interface UserFieldsProps {
  readonly form: FormData | undefined;
  readonly refusal: Refusal | undefined;
  readonly before?: { readonly name: string; readonly department: string; readonly role: UserRole };
}

/** What operators and owners alike write about a user. */
export const UserFields = ({ form, refusal, before }: UserFieldsProps) => (
  <div class="pair">
    <TextField name="name" label={_`Name`} value={again(form, 'name', before?.name)} error={refusal?.fields['name']} />
    <TextField name="department" label={_`Department`} value={again(form, 'department', before?.department)} />
    <SelectField
      name="role"
      label={_`Role`}
      value={again(form, 'role', before?.role ?? 'sender')}
      error={refusal?.fields['role']}
      options={USER_ROLES.map((role) => ({ value: role, label: roleLabel(role) }))}
    />
  </div>
);
