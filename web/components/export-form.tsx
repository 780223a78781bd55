/** Starts an export: what, if there is a choice, as what, and a button. A plain form, so it works without script. */
import { _ } from 'compiled-i18n';
import { EXPORT_FORMATS, type ExportFormat, type ExportKind } from '../../schema/states';
import { exportKindLabel } from '../lib/labels';
import { Icon } from './icon';

interface ExportFormProps {
  /** Of the route action; what is filtered stays in its address. */
  readonly action: string;
  readonly kinds: readonly [ExportKind, ...ExportKind[]];
  readonly first?: ExportFormat;
}

export const ExportForm = ({ action, kinds, first = 'xlsx' }: ExportFormProps) => {
  const formats = [first, ...EXPORT_FORMATS.filter((format) => format !== first)];
  return (
    <form method="post" action={action} class="bar">
      {kinds.length > 1 ? (
        <select class="input short" name="kind" aria-label={_`What to export`}>
          {kinds.map((kind) => (
            <option key={kind} value={kind}>
              {exportKindLabel(kind)}
            </option>
          ))}
        </select>
      ) : (
        <input type="hidden" name="kind" value={kinds[0]} />
      )}
      <select class="input short" name="format" aria-label={_`File format`}>
        {formats.map((format) => (
          <option key={format} value={format}>
            {format.toUpperCase()}
          </option>
        ))}
      </select>
      <button type="submit" class="btn">
        <Icon name="download" />
        {_`Export`}
      </button>
    </form>
  );
};
