/** The file of numbers: chosen or dropped, sent in parts with progress, paused, resumed; without script a plain file input of the form. */
import { $, component$, noSerialize, sync$, useSignal, useStore, type NoSerialize, type QRL } from '@builder.io/qwik';
import { _ } from 'compiled-i18n';
import type { Locale } from '../../schema/states';
import type { Sample } from '../lib/file-sample';
import { bytes, percent } from '../lib/numbers';
import { FieldError } from './field';
import { Icon } from './icon';
import { Meter } from './meter';

type Phase = 'none' | 'sending' | 'waiting' | 'paused' | 'done' | 'refused';

interface FileFieldProps {
  readonly upload: string;
  readonly fileName: string;
  readonly error?: string | undefined;
  readonly locale: Locale;
  /** What its columns mean; absent = numbers and variables. */
  readonly help?: string;
  /** Offers files to fill in. */
  readonly templates?: boolean;
  readonly onSample$?: QRL<(sample: Sample) => void>;
}

interface Sending {
  phase: Phase;
  name: string;
  size: number;
  sent: number;
  message: string;
  upload: string;
  file: NoSerialize<File>;
  stop: NoSerialize<AbortController>;
}

export const FileField = component$<FileFieldProps>(({ upload, fileName, error, locale, help, templates = true, onSample$ }) => {
  const state = useStore<Sending>(
    { phase: upload === '' ? 'none' : 'done', name: fileName, size: 0, sent: 0, message: '', upload, file: undefined, stop: undefined },
    { deep: false },
  );
  const root = useSignal<HTMLElement>();

  /** While a file is on its way the form waits; when it was sent meanwhile, it goes off with the last part. */
  const tellForm = $((busy: boolean) => {
    const form = root.value?.closest('form');
    if (!form) return;
    if (busy) {
      form.dataset['busy'] = 'yes';
      return;
    }
    delete form.dataset['busy'];
    const wanted = form.dataset['wanted'] === 'yes' && state.phase === 'done';
    delete form.dataset['wanted'];
    // After the hidden field holds the upload's id.
    if (wanted) requestAnimationFrame(() => form.requestSubmit());
  });

  const send = $(async (file: File) => {
    const { uploadInParts, UploadRefused } = await import('../lib/upload-in-parts');
    const stop = new AbortController();
    Object.assign(state, { phase: 'sending', name: file.name, size: file.size, message: '', upload: '' });
    state.file = noSerialize(file);
    state.stop = noSerialize(stop);
    await tellForm(true);
    try {
      const done = await uploadInParts(
        file,
        {
          progress: (sent) => {
            state.sent = sent;
          },
          waiting: (isWaiting) => {
            if (!stop.signal.aborted) state.phase = isWaiting ? 'waiting' : 'sending';
          },
        },
        stop.signal,
      );
      state.upload = done.id;
      state.sent = file.size;
      state.phase = 'done';
    } catch (thrown) {
      if (thrown instanceof UploadRefused) {
        state.phase = 'refused';
        state.message = thrown.message;
      } else if (state.phase !== 'none') {
        state.phase = 'paused';
      }
    }
    if (state.phase !== 'paused') await tellForm(false);
  });

  const choose = $(async (_event: Event, input: HTMLInputElement) => {
    const file = input.files?.[0];
    if (!file) return;
    // The form must not carry the file a second time.
    input.value = '';
    if (onSample$) {
      const { readSample } = await import('../lib/file-sample');
      await onSample$(await readSample(file));
    }
    await send(file);
  });

  const remove = $(async () => {
    state.phase = 'none';
    state.stop?.abort();
    Object.assign(state, { upload: '', sent: 0, file: undefined });
    await onSample$?.({});
    await tellForm(false);
  });

  return (
    <div class="field" ref={root}>
      <label for="file">{_`File of numbers`}</label>
      <input type="hidden" name="upload" value={state.upload} />
      <input type="hidden" name="fileName" value={state.name} />
      <div
        class="drop"
        hidden={state.phase !== 'none' && state.phase !== 'refused'}
        preventdefault:dragover
        preventdefault:drop
        onDragOver$={sync$((_event: Event, element: HTMLElement) => element.classList.add('over'))}
        onDragLeave$={sync$((_event: Event, element: HTMLElement) => element.classList.remove('over'))}
        onDrop$={sync$((event: DragEvent, element: HTMLElement) => {
          element.classList.remove('over');
          const input = element.querySelector('input');
          if (!input || !event.dataTransfer?.files.length) return;
          input.files = event.dataTransfer.files;
          input.dispatchEvent(new Event('change', { bubbles: true }));
        })}
      >
        <Icon name="upload" />
        <span class="with-script">{_`Drop a file here`}</span>
        <input
          class="unseen-with-script"
          type="file"
          id="file"
          name="file"
          accept=".csv,.txt,.xlsx,.gz"
          autofocus={error !== undefined}
          aria-invalid={error || state.phase === 'refused' ? 'true' : undefined}
          aria-describedby={error ? 'upload-error file-help' : 'file-help'}
          onChange$={choose}
        />
        <label class="btn small with-script" for="file">
          {_`Choose a file`}
        </label>
        <small class="muted" id="file-help">
          {help ?? _`xlsx, csv, txt or their .gz. First column: numbers with country code; further columns: variables.`}
        </small>
        <small class="muted without-script">{_`Without script a file may have up to 30 MB.`}</small>
      </div>
      {state.phase === 'refused' && <FieldError name="file-refused" error={`${state.name}: ${state.message}`} />}
      {state.phase !== 'none' && state.phase !== 'refused' && (
        <div class="sending-file">
          <Icon name="file" />
          <span class="name asis">{state.name}</span>
          <span class="bar">
            {(state.phase === 'sending' || state.phase === 'waiting') && (
              <button type="button" class="btn small" onClick$={() => state.stop?.abort()}>
                <Icon name="pause" />
                {_`Pause upload`}
              </button>
            )}
            {state.phase === 'paused' && (
              <button type="button" class="btn small" onClick$={() => state.file && send(state.file)}>
                <Icon name="play" />
                {_`Resume upload`}
              </button>
            )}
            <button type="button" class="btn quiet small with-script" onClick$={remove}>
              {state.phase === 'done' ? _`Choose another file` : _`Remove`}
            </button>
          </span>
          {state.phase !== 'done' && (
            <Meter
              label={_`Upload of ${state.name}`}
              whole={state.size}
              parts={[{ fill: state.phase === 'waiting' ? 'warn' : 'accent', value: state.sent }]}
            />
          )}
          <span class="says" role="status">
            {state.phase === 'sending' &&
              `${percent(state.sent, state.size)}% · ${bytes(state.sent, locale)} / ${bytes(state.size, locale)}`}
            {state.phase === 'waiting' && _`The connection is lost. What was sent is safe; it goes on by itself.`}
            {state.phase === 'paused' && _`Paused. Choose the same file later to go on where it stopped.`}
            {state.phase === 'done' && (state.size > 0 ? _`Uploaded · ${bytes(state.size, locale)}` : _`Uploaded`)}
          </span>
        </div>
      )}
      <FieldError name="upload" error={error} />
      {templates && (
        <p class="templates">
          <span>{_`Templates to fill in:`}</span>
          {(['csv', 'txt', 'xlsx'] as const).map((format) => (
            <a key={format} href={`/api/upload-templates/${format}`} download>
              .{format}
            </a>
          ))}
        </p>
      )}
    </div>
  );
});
