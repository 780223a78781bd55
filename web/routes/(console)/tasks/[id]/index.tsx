import { component$ } from '@builder.io/qwik';
import { routeAction$, routeLoader$, useLocation, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import type { TaskView } from '../../../../../schema/console';
import { ENDED_TASK_STATES, type Locale, type TaskState } from '../../../../../schema/states';
import { parseLocal } from '../../../../../workers/rules/local-time';
import { BadRows, CheckSummary, CountryTable } from '../../../../components/task-summary';
import { Badge } from '../../../../components/badge';
import { ConfirmPanel } from '../../../../components/confirm-panel';
import { EmptyState } from '../../../../components/empty-state';
import { ExportForm } from '../../../../components/export-form';
import { FailureReasons } from '../../../../components/failure-reasons';
import { Icon } from '../../../../components/icon';
import { LiveTaskPanel, SendingProgress } from '../../../../components/live-task-panel';
import { Departures } from '../../../../components/domestic-fields';
import { Note } from '../../../../components/note';
import { PhonePreview } from '../../../../components/phone-preview';
import { Steps } from '../../../../components/steps';
import { TaskActions } from '../../../../components/task-actions';
import { money } from '../../../../lib/amounts';
import { bytes, number } from '../../../../lib/numbers';
import { shownReasons } from '../../../../lib/report-source';
import { moment } from '../../../../lib/times';
import { posted } from '../../../../lib/forms';
import { taskStateLabel } from '../../../../lib/labels';
import { averagePace, isMoving, liveTask } from '../../../../lib/live-task';
import { postedFormat } from '../../../../lib/export-choice';
import { attempt, refuseFields } from '../../../../lib/outcome';
import { actionPath } from '../../../../lib/paths';
import { actorOf, localeOf, servicesOf } from '../../../../lib/platform';
import { previewSegments, readTask, taskIdOf } from '../../../../lib/task-source';

const BAD_ROWS_SHOWN = 20;

export const useTask = routeLoader$(async (event) => {
  const actor = actorOf(event);
  const locale = localeOf(event);
  const services = servicesOf(event);
  const [view, balance] = await Promise.all([readTask(event), services.balance(actor)]);
  const { invalid, duplicates, blacklisted } = view.check.totals;
  const leftOut = invalid + duplicates + blacklisted;
  const reasons = view.startedAt === null ? [] : await services.taskReasons(actor, view.settings.task);
  return {
    view,
    badRows: view.check.phase === 'done' && leftOut > 0 ? await services.taskExceptionRows(actor, view.settings.task, BAD_ROWS_SHOWN) : [],
    leftOut,
    reasons: shownReasons(reasons, locale),
    segments: previewSegments(view),
    available: money(balance.availableMicros, locale, balance.currency),
    locale,
    timeZone: actor.timeZone,
    now: Date.now(),
  };
});

export const useConfirm = routeAction$(async (form, event) => {
  const actor = actorOf(event);
  const later = posted(form, 'when') === 'later';
  const startsAt = later ? parseLocal(posted(form, 'startsAt'), actor.timeZone) : null;
  if (later && startsAt === null) return refuseFields(event, [{ field: 'startsAt', code: 'invalid' }]);
  const tried = await attempt(event, () => servicesOf(event).confirmTask(actor, taskIdOf(event), startsAt));
  if ('refused' in tried) return tried.refused;
  throw event.redirect(303, `/tasks/${taskIdOf(event)}`);
});

export const useExport = routeAction$(async (form, event) => {
  const actor = actorOf(event);
  const kind = posted(form, 'kind') === 'failures' ? 'failures' : 'statement';
  const filter = { task: taskIdOf(event) };
  const tried = await attempt(event, () => servicesOf(event).startExport(actor, { kind, format: postedFormat(form), filter, bom: true }));
  if ('refused' in tried) return tried.refused;
  throw event.redirect(303, '/downloads');
});

const ACTIONS = ['pause', 'resume', 'stop', 'cancel'] as const;

export const useAct = routeAction$(async (form, event) => {
  const actor = actorOf(event);
  const action = ACTIONS.find((name) => name === posted(form, 'act'));
  if (!action) return refuseFields(event, []);
  const tried = await attempt(event, () => servicesOf(event).actOnTask(actor, taskIdOf(event), action));
  if ('refused' in tried) return tried.refused;
  throw event.redirect(303, `/tasks/${taskIdOf(event)}`);
});

export default component$(() => {
  const { view, badRows, leftOut, reasons, segments, available, locale, timeZone, now } = useTask().value;
  const confirm = useConfirm();
  const act = useAct();
  const start = useExport();
  const { url } = useLocation();
  const { settings, state } = view;
  const checked = view.check.phase === 'done' && state !== 'checking';
  const sent = view.startedAt !== null;
  return (
    <>
      <div class="head">
        <div class="grow">
          <h1>{settings.name}</h1>
          <p class="facts muted">
            <Badge label={taskStateLabel(state)} />
            <span class="mono">{settings.task}</span>
            <span>{view.userName}</span>
            <time dateTime={new Date(settings.createdAt).toISOString()}>{moment(settings.createdAt, 'minute', timeZone)}</time>
          </p>
        </div>
        <div class="bar">
          {sent && <ExportForm action={actionPath(start.actionPath, url)} kinds={['statement', 'failures']} />}
          <TaskActions id={settings.task} actions={view.actions} action={actionPath(act.actionPath, url)} />
        </div>
      </div>
      <Steps current={stepOf(state)} />
      {start.value && <Note tone="bad">{start.value.message}</Note>}
      {act.value && <Note tone="bad">{act.value.message}</Note>}
      <StateNote view={view} timeZone={timeZone} />
      {view.domestic && <Departures pieces={view.domestic.departures} exact={false} />}
      {view.domestic?.lacksOptOut && <Note tone="warn">{_`A marketing text to the mainland should say how to opt out.`}</Note>}
      {isMoving(state) && <noscript>{<meta http-equiv="refresh" content="5" />}</noscript>}
      <div class="work">
        <div class="stack">
          {(state === 'checking' || sent) && (
            <section class="card" aria-labelledby="live-title">
              <div class="title">
                <h2 id="live-title">{state === 'checking' ? _`Check of the numbers` : view.endedAt === null ? _`Sending` : _`Result`}</h2>
                {sent && <a href={`/logs?task=${settings.task}`}>{_`Messages in the log`}</a>}
              </div>
              {isMoving(state) ? (
                <LiveTaskPanel id={settings.task} first={liveTask(view)} locale={locale} />
              ) : (
                <SendingProgress live={liveTask(view)} locale={locale} />
              )}
            </section>
          )}
          {state === 'draft' && (
            <section class="card">
              <EmptyState icon="file" title={_`There are no numbers yet`}>
                {view.actions.includes('edit') && (
                  <>
                    <span>{_`Add a file of numbers to this draft and have it checked.`}</span>
                    <a class="btn primary" href={`/tasks/${settings.task}/edit`}>
                      {_`Go on with the draft`}
                    </a>
                  </>
                )}
              </EmptyState>
            </section>
          )}
          {!checked && (state === 'refused' || state === 'cancelled') && (
            <section class="card">
              <EmptyState icon="file" title={state === 'refused' ? _`The file could not be read` : _`Nothing was sent`}>
                {view.actions.includes('edit') && (
                  <a class="btn primary" href={`/tasks/${settings.task}/edit`}>
                    {_`Choose another file`}
                  </a>
                )}
              </EmptyState>
            </section>
          )}
          {reasons.length > 0 && <FailureReasons reasons={reasons} locale={locale} />}
          {checked && <CheckSummary view={view} locale={locale} />}
          {checked && view.countries.length > 0 && <CountryTable countries={view.countries} locale={locale} />}
          {checked && badRows.length > 0 && <BadRows id={settings.task} rows={badRows} total={leftOut} locale={locale} />}
        </div>
        <aside class="stack" aria-label={_`Preview and next step`}>
          <PhonePreview sender={settings.sender} segments={segments} />
          {view.actions.includes('confirm') && (
            <ConfirmPanel
              view={view}
              action={actionPath(confirm.actionPath, url)}
              form={confirm.formData}
              refusal={confirm.value}
              locale={locale}
              timeZone={timeZone}
              available={available}
              now={now}
            />
          )}
          <Details view={view} locale={locale} timeZone={timeZone} />
        </aside>
      </div>
    </>
  );
});

/** Position on Steps. */
function stepOf(state: TaskState): number {
  if (state === 'draft' || state === 'refused') return 1;
  if (state === 'checking' || state === 'checked') return 2;
  return ENDED_TASK_STATES.some((ended) => ended === state) ? 4 : 3;
}

const StateNote = ({ view, timeZone }: { view: TaskView; timeZone: string }) => {
  const { state, startsAt, startedAt, refusalText, hindranceText } = view;
  if (state === 'refused') {
    return (
      <Note tone="bad">
        <p>
          <b>{refusalText}</b>
        </p>
        <p>{_`Nothing was sent. Edit the task and choose another file.`}</p>
      </Note>
    );
  }
  if (state === 'scheduled' && startsAt !== null)
    return <Note tone="busy">{_`It starts at ${moment(startsAt, 'minute', timeZone)} (${timeZone}).`}</Note>;
  if (state === 'paused') {
    return (
      <Note tone="warn">
        {hindranceText !== null && (
          <p>
            <b>{hindranceText}</b>
          </p>
        )}
        {startedAt === null ? _`Paused before its start. It waits until you resume it.` : _`Paused. No message leaves until you resume it.`}
      </Note>
    );
  }
  if (state === 'stopping') return <Note tone="warn">{_`Stopping: what was not submitted is being cancelled.`}</Note>;
  return null;
};

const Details = ({ view, locale, timeZone }: { view: TaskView; locale: Locale; timeZone: string }) => {
  const { settings, file } = view;
  return (
    <section class="card" aria-labelledby="details-title">
      <div class="in">
        <h2 id="details-title">{_`Task`}</h2>
        <dl class="rows">
          <div>
            <dt>From</dt>
            <dd>{settings.sender}</dd>
          </div>
          {file && (
            <div>
              <dt>
                <Icon name="file" /> {_`File`}
              </dt>
              <dd>
                <span class="asis">{file.name}</span>
                <span class="sub muted">{bytes(file.size, locale)}</span>
              </dd>
            </div>
          )}
          <div>
            <dt>{_`Blacklist check`}</dt>
            <dd>{settings.checkNumbers ? _`on` : _`off`}</dd>
          </div>
          {settings.callbackUrl !== null && (
            <div>
              <dt>Webhook URL</dt>
              <dd>{settings.callbackUrl}</dd>
            </div>
          )}
        </dl>
        <Life view={view} locale={locale} timeZone={timeZone} />
      </div>
    </section>
  );
};

/** What has happened to it so far, in order, and how fast it went. */
const Life = ({ view, locale, timeZone }: { view: TaskView; locale: Locale; timeZone: string }) => {
  const pace = averagePace(view);
  const steps: readonly (readonly [what: string, at: number | null])[] = [
    [_`Created`, view.settings.createdAt],
    [_`Numbers checked`, view.check.finishedAt],
    [_`Confirmed`, view.confirmedAt],
    [_`Started`, view.startedAt],
    [_`All submitted`, view.submittedAt],
    [_`Ended`, view.endedAt],
  ];
  return (
    <>
      <h3 class="life-title">{_`Course`}</h3>
      <ol class="life">
        {steps.map(
          ([what, at]) =>
            at !== null && (
              <li key={what}>
                {what} <time dateTime={new Date(at).toISOString()}>{moment(at, 'second', timeZone)}</time>
              </li>
            ),
        )}
      </ol>
      {pace !== null && <p class="muted num">{_`${number(pace, locale)} messages a second on average`}</p>}
    </>
  );
};

export const head: DocumentHead = ({ resolveValue }) => ({ title: resolveValue(useTask).view.settings.name });
