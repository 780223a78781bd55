/** Files of numbers for a blacklist: the form, and what became of the latest ones. */
import { component$, sync$, useStore, useVisibleTask$ } from '@builder.io/qwik';
import { _ } from 'compiled-i18n';
import { errorText, rowRejectionText } from '../../schema/errors';
import type { BlacklistImportView } from '../../schema/keys';
import { BLACKLIST_FILE_LINES_MAX } from '../../schema/limits';
import type { Locale } from '../../schema/states';
import { follow } from '../lib/follow';
import { number, percent } from '../lib/numbers';
import { moment } from '../lib/times';
import { FileField } from './file-field';
import { Meter } from './meter';

interface ImportFormProps {
  readonly action: string;
  readonly error: string | undefined;
  readonly locale: Locale;
}

export const BlacklistImportForm = component$<ImportFormProps>(({ action, error, locale }) => (
  <form
    method="post"
    action={action}
    enctype="multipart/form-data"
    class="in fields"
    noValidate
    onSubmit$={sync$((event: Event, form: HTMLFormElement) => {
      if (form.dataset['busy'] !== 'yes') return;
      event.preventDefault();
      form.dataset['wanted'] = 'yes';
    })}
  >
    <FileField
      upload=""
      fileName=""
      error={error}
      locale={locale}
      help={_`xlsx, csv, txt or their .gz. First column: numbers with country code; up to ${number(BLACKLIST_FILE_LINES_MAX, locale)} lines.`}
      templates={false}
    />
    <div>
      <button type="submit" class="btn primary">{_`Add the numbers of the file`}</button>
    </div>
  </form>
));

const phaseText = (phase: BlacklistImportView['phase']): string =>
  ({ unpacking: _`Opening the file`, counting: _`Counting the lines`, adding: _`Adding the numbers` })[phase];

/** While a file is being read it asks for news each second; what it has become is another page. */
const ImportProgress = component$<{ first: BlacklistImportView; locale: Locale }>(({ first, locale }) => {
  const { phase, bytesDone, bytesTotal, lines } = first;
  const now = useStore({ phase, bytesDone, bytesTotal, lines }, { deep: false });
  useVisibleTask$((task) => {
    const end = follow<BlacklistImportView>(`/api/blacklist-imports/${first.id}`, (next) => {
      if (next.state !== 'running') location.reload();
      else Object.assign(now, { phase: next.phase, bytesDone: next.bytesDone, bytesTotal: next.bytesTotal, lines: next.lines });
    });
    task.cleanup(end);
  });
  return (
    <div class="progress">
      <Meter label={_`Progress of ${first.fileName}`} whole={now.bytesTotal} parts={[{ fill: 'accent', value: now.bytesDone }]} />
      <p class="below num">
        {phaseText(now.phase)} · {percent(now.bytesDone, now.bytesTotal)}%{now.lines > 0 && <> · {_`${number(now.lines, locale)} lines`}</>}
      </p>
    </div>
  );
});

const outcome = ({ state, error, lines, added, refused }: BlacklistImportView, locale: Locale): string =>
  state === 'failed'
    ? errorText(error?.code ?? 'server_error', locale, error?.details ?? {})
    : _`${number(lines, locale)} lines: ${number(added, locale)} numbers are new, ${number(lines - added - refused, locale)} were listed already, ${number(refused, locale)} are no numbers.`;

interface ImportListProps {
  readonly imports: readonly BlacklistImportView[];
  readonly locale: Locale;
  readonly timeZone: string;
}

export const BlacklistImportList = ({ imports, locale, timeZone }: ImportListProps) => (
  <ul class="imports">
    {imports.map((file) => (
      <li key={file.id}>
        <p>
          <span class="name asis">{file.fileName}</span> <span class="muted">{moment(file.createdAt, 'minute', timeZone)}</span>
        </p>
        {file.state === 'running' ? (
          <ImportProgress first={file} locale={locale} />
        ) : (
          <p class={file.state === 'failed' ? 'error' : 'muted'}>{outcome(file, locale)}</p>
        )}
        {file.named.length > 0 && (
          <details>
            <summary>{_`Lines that are no numbers (the first ${number(file.named.length, locale)})`}</summary>
            <ul class="refused">
              {file.named.map(({ line, value, reason }) => (
                <li key={line}>
                  {_`line ${line}:`} <span class="mono">{value}</span> – {rowRejectionText(reason, locale)}
                </li>
              ))}
            </ul>
          </details>
        )}
      </li>
    ))}
  </ul>
);
