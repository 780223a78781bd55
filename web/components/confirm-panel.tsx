/** The last step before anything is sent: how many, what it costs, now or at a time. */
import { _ } from 'compiled-i18n';
import type { TaskView } from '../../schema/console';
import type { Locale } from '../../schema/states';
import { formatLocal } from '../../workers/rules/local-time';
import { money } from '../lib/amounts';
import { number } from '../lib/numbers';
import { duration } from '../lib/duration';
import { again } from '../lib/forms';
import type { Refusal } from '../lib/outcome';
import { TextField } from './field';
import { Icon } from './icon';
import { Note } from './note';

interface ConfirmPanelProps {
  readonly view: TaskView;
  readonly action: string;
  readonly form: FormData | undefined;
  readonly refusal: Refusal | undefined;
  readonly locale: Locale;
  readonly timeZone: string;
  /** What the tenant can spend, as text. */
  readonly available: string;
  readonly now: number;
}

const HOUR_MS = 3_600_000;

export const ConfirmPanel = ({ view, action, form, refusal, locale, timeZone, available, now }: ConfirmPanelProps) => {
  const { valid, parts, costMicros } = view.check.totals;
  const later = again(form, 'when') === 'later';
  // The next full hour but one: near enough to be meant, far enough not to pass while one reads.
  const proposed = formatLocal(Math.ceil(now / HOUR_MS) * HOUR_MS + HOUR_MS, timeZone)
    .slice(0, 16)
    .replace(' ', 'T');
  return (
    <section class="card" aria-labelledby="confirm-title">
      <div class="in stack">
        <h2 id="confirm-title" class="unseen">
          {_`Confirm`}
        </h2>
        <dl class="rows">
          <Line label={_`Messages`} value={number(valid, locale)} />
          <Line label={_`Parts`} value={number(parts, locale)} />
          <Line label={_`Cost`} value={view.settings.test ? _`none (test key)` : money(costMicros, locale)} />
          <Line label={_`Available balance`} value={available} />
          {valid > 0 && <Line label={_`Time to send`} value={_`about ${duration(valid / view.carrierPerSecond)}`} />}
        </dl>
        {valid > 0 && (
          <p class="help">
            {_`At most ${number(view.carrierPerSecond, locale)} messages a second; longer while other tasks send at the same time.`}
          </p>
        )}
        {refusal && refusal.fields['startsAt'] === undefined && (
          <Note tone="bad">
            {reasonsOf(refusal).map((text) => (
              <p key={text}>{text}</p>
            ))}
          </Note>
        )}
        {valid === 0 ? (
          <Note tone="warn">{_`There is no valid number in this file. Choose another one.`}</Note>
        ) : (
          <form method="post" action={action} class="fields when">
            <fieldset class="segments" aria-label={_`When to send`}>
              <label>
                <input class="unseen" type="radio" name="when" value="now" checked={!later} />
                {_`Now`}
              </label>
              <label>
                <input class="unseen" type="radio" name="when" value="later" checked={later} />
                {_`At a time`}
              </label>
            </fieldset>
            <TextField
              class="by-time"
              name="startsAt"
              label={_`Start`}
              type="datetime-local"
              value={again(form, 'startsAt', proposed)}
              error={refusal?.fields['startsAt']}
              help={_`In your time zone, ${timeZone}.`}
            />
            <button type="submit" class="btn primary wide">
              <Icon name="send" />
              {_`Confirm and send`}
            </button>
          </form>
        )}
      </div>
    </section>
  );
};

/** What is wrong with the fields of a task says more than that the request is not valid. */
function reasonsOf({ message, fields }: Refusal): readonly string[] {
  const named = Object.values(fields);
  return named.length > 0 ? named : [message];
}

const Line = ({ label, value }: { label: string; value: string }) => (
  <div>
    <dt>{label}</dt>
    <dd>{value}</dd>
  </div>
);
