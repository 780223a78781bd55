/** What a tenant may bound about a key by itself, against stolen secrets. */
import { _ } from 'compiled-i18n';
import { KEY_ALLOWLIST_MAX } from '../../schema/limits';
import type { KeyLimitValues } from '../lib/key-form';
import type { Refusal } from '../lib/outcome';
import { described, Field, invalid, TextField } from './field';
import { Note } from './note';
import { Pick, type PickOption } from './pick';

interface KeyLimitFieldsProps {
  readonly action: string;
  readonly values: KeyLimitValues;
  readonly refusal: Refusal | undefined;
  readonly mayChange: boolean;
  /** To choose from. */
  readonly countries: readonly PickOption[];
  /** Of those that are chosen, for those who may only read them. */
  readonly countryNames: string;
}

export const KeyLimitFields = ({ action, values, refusal, mayChange, countries, countryNames }: KeyLimitFieldsProps) => {
  const errors = refusal?.fields ?? {};
  return (
    <section class="card" aria-labelledby="limits-title">
      <div class="title">
        <h2 id="limits-title">{_`Limits against misuse`}</h2>
      </div>
      <form method="post" action={action} class="in fields" noValidate>
        {refusal && Object.keys(errors).length === 0 && <Note tone="bad">{refusal.message}</Note>}
        <Field
          name="ipAllowlist"
          label={_`IP allowlist`}
          error={errors['ipAllowlist']}
          help={_`IPv4, IPv6 or CIDR, one a line, up to ${KEY_ALLOWLIST_MAX}. Empty: any address.`}
        >
          <textarea
            class="input mono"
            id="ipAllowlist"
            name="ipAllowlist"
            rows={4}
            spellcheck={false}
            readOnly={!mayChange}
            placeholder="203.0.113.7"
            {...invalid(errors['ipAllowlist'])}
            aria-describedby={described('ipAllowlist', errors['ipAllowlist'], true)}
          >
            {values.ipAllowlist}
          </textarea>
        </Field>
        <div class="pair">
          <TextField
            name="dailyMessages"
            label={_`Messages a day`}
            inputMode="numeric"
            value={values.dailyMessages}
            error={errors['dailyMessages']}
            readOnly={!mayChange}
            help={_`Days in UTC. Empty: no cap.`}
          />
          <TextField
            name="dailySpend"
            label={_`Cost a day (EUR)`}
            inputMode="decimal"
            value={values.dailySpend}
            error={errors['dailySpend']}
            readOnly={!mayChange}
            help={_`Days in UTC. Empty: no cap.`}
          />
        </div>
        {mayChange ? (
          <Pick
            name="countries[]"
            label={_`Only to these countries`}
            options={countries}
            chosen={values.countries}
            none={_`Any country`}
            seek={_`Search countries`}
            error={errors['countries']}
          />
        ) : (
          <div class="field">
            <span class="label">{_`Only to these countries`}</span>
            <p>{countryNames === '' ? _`Any country` : countryNames}</p>
          </div>
        )}
        {mayChange && (
          <div>
            <button type="submit" class="btn primary">{_`Save`}</button>
          </div>
        )}
      </form>
    </section>
  );
};
