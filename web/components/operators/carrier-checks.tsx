/** Which carrier accounts a key is bound to: one, or several that share its messages. */
import { _ } from 'compiled-i18n';
import type { CarrierAccountId } from '../../../schema/ids';
import type { CarrierItem } from '../../../schema/operators';
import { accountField } from '../../lib/operator-form';
import { FieldError } from '../field';

interface CarrierChecksProps {
  readonly carriers: readonly CarrierItem[];
  readonly form: FormData | undefined;
  readonly bound?: readonly CarrierAccountId[];
  readonly error: string | undefined;
}

export const CarrierChecks = ({ carriers, form, bound = [], error }: CarrierChecksProps) => (
  <fieldset class="field" aria-describedby={error ? 'carrierAccounts-error carrierAccounts-help' : 'carrierAccounts-help'}>
    <legend class="label">{_`Carrier accounts`}</legend>
    <div class="fields">
      {carriers.map(({ id, name, perSecond, enabled }) => (
        <label key={id} class="check">
          <input
            type="checkbox"
            name={accountField(id)}
            value="1"
            checked={form ? form.has(accountField(id)) : bound.includes(id) || carriers.length === 1}
          />
          <span>
            {name} <span class="muted">{_`${perSecond} a second`}</span>
            {!enabled && <span class="badge wait">{_`Off`}</span>}
          </span>
        </label>
      ))}
    </div>
    <p class="help" id="carrierAccounts-help">
      {_`With several, messages go through all of them in proportion to their pace; one that the carrier refuses rests while the others go on.`}
    </p>
    <FieldError name="carrierAccounts" error={error} />
  </fieldset>
);
