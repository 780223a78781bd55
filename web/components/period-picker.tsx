/** A period of a filter: those that are asked for most as links, and two fields for any other. */
import { _ } from 'compiled-i18n';
import { periodLabel } from '../lib/labels';
import { withQuery } from '../lib/paths';
import type { NamedPeriod } from '../lib/periods';
import { TextField } from './field';

interface PeriodField {
  readonly name: string;
  readonly label: string;
  /** What the field shows; the value in the address unless it is given. */
  readonly value?: string;
  readonly error?: string | undefined;
}

interface PeriodPickerProps {
  readonly url: URL;
  readonly periods: readonly NamedPeriod[];
  readonly from: PeriodField;
  readonly until: PeriodField;
  readonly type?: 'date' | 'datetime-local';
}

export const PeriodPicker = ({ url, periods, from, until, type = 'date' }: PeriodPickerProps) => {
  const shown = ({ name, value }: PeriodField): string => value ?? url.searchParams.get(name) ?? '';
  return (
    <>
      {periods.length > 0 && (
        <nav class="presets" aria-label={_`Period`}>
          {periods.map((period) => (
            <a
              key={period.name}
              class="chip"
              href={withQuery(url, { [from.name]: period.from, [until.name]: period.until, cursor: null })}
              aria-current={period.from === shown(from) && period.until === shown(until) ? 'true' : undefined}
            >
              {periodLabel(period.name)}
            </a>
          ))}
        </nav>
      )}
      {[from, until].map((field) => (
        <TextField key={field.name} name={field.name} label={field.label} type={type} value={shown(field)} error={field.error} />
      ))}
    </>
  );
};
