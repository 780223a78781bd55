import { _ } from 'compiled-i18n';
import type { Locale } from '../../schema/states';
import { SelectField } from './field';

interface PreferencesFormProps {
  readonly action: string;
  readonly locale: Locale;
  readonly timeZone: string;
  readonly timeZones: readonly string[];
  /** Of the time zone. */
  readonly error: string | undefined;
}

/** Language and time zone of whoever is signed in. */
export const PreferencesForm = ({ action, locale, timeZone, timeZones, error }: PreferencesFormProps) => (
  <section class="card" aria-labelledby="preferences-title">
    <div class="title">
      <h2 id="preferences-title">{_`Language and time`}</h2>
    </div>
    <form method="post" action={action} class="in fields">
      <div class="pair">
        <SelectField
          name="locale"
          label={_`Language`}
          value={locale}
          options={[
            { value: 'zh-CN', label: '简体中文' },
            { value: 'en', label: 'English' },
          ]}
        />
        <SelectField
          name="timeZone"
          label={_`Time zone`}
          value={timeZone}
          error={error}
          options={timeZones.map((zone) => ({ value: zone, label: zone }))}
        />
      </div>
      <div>
        <button type="submit" class="btn primary">{_`Save`}</button>
      </div>
    </form>
  </section>
);
