/** What states and kinds are called, in the language of the answer, and the tone of their badge. */
import { _ } from 'compiled-i18n';
import type { DeliveryState, LaneAttempt } from '../../schema/protocol/webhook-lane';
import type {
  ApprovalAction,
  ApprovalKind,
  ApprovalState,
  ExportKind,
  ExportState,
  ImportState,
  LegacyFileKind,
  LegacyRefusalReason,
  MessageState,
  TaskAction,
  TaskState,
  TrafficKind,
  UserRole,
  WebhookEvent,
} from '../../schema/states';
import type { CharacterKind } from '../../workers/rules/gsm-look-alikes';
import type { EndpointView } from '../../schema/webhooks';
import type { PeriodName } from './periods';
import type { Tone } from '../components/note';

/** Several of something, in a row. */
export const listed = (items: readonly string[]): string => items.join(_`, `);

export interface Label {
  readonly text: string;
  readonly tone: Tone;
  /** Still changing by itself. */
  readonly live?: boolean;
}

export const taskStateLabel = (state: TaskState): Label =>
  (
    {
      draft: { text: _`Draft`, tone: 'wait' },
      checking: { text: _`Checking`, tone: 'busy', live: true },
      checked: { text: _`To be confirmed`, tone: 'warn' },
      scheduled: { text: _`Scheduled`, tone: 'busy' },
      running: { text: _`Sending`, tone: 'ok', live: true },
      paused: { text: _`Paused`, tone: 'warn' },
      stopping: { text: _`Stopping`, tone: 'warn', live: true },
      finished: { text: _`Finished`, tone: 'ok' },
      stopped: { text: _`Stopped`, tone: 'wait' },
      cancelled: { text: _`Cancelled`, tone: 'wait' },
      refused: { text: _`File refused`, tone: 'bad' },
    } satisfies Record<TaskState, Label>
  )[state];

export const messageStateLabel = (state: MessageState): Label =>
  (
    {
      accepted: { text: _`Accepted`, tone: 'wait' },
      queued: { text: _`Queued`, tone: 'wait' },
      submitted: { text: _`Submitted`, tone: 'busy' },
      delivered: { text: _`Delivered`, tone: 'ok' },
      failed: { text: _`Failed`, tone: 'bad' },
      expired: { text: _`Expired`, tone: 'warn' },
      rejected: { text: _`Rejected`, tone: 'bad' },
      unknown: { text: _`Unknown`, tone: 'warn' },
      blocked: { text: _`Blocked`, tone: 'wait' },
      cancelled: { text: _`Cancelled`, tone: 'wait' },
    } satisfies Record<MessageState, Label>
  )[state];

export const exportStateLabel = (state: ExportState): Label =>
  (
    {
      queued: { text: _`Waiting`, tone: 'wait' },
      running: { text: _`Being made`, tone: 'busy', live: true },
      ready: { text: _`Ready`, tone: 'ok' },
      failed: { text: _`Failed`, tone: 'bad' },
      cancelled: { text: _`Cancelled`, tone: 'wait' },
      expired: { text: _`Expired`, tone: 'wait' },
    } satisfies Record<ExportState, Label>
  )[state];

export const exportKindLabel = (kind: ExportKind): string =>
  (
    {
      log: _`Message log`,
      statement: _`Cost statement`,
      failures: _`Failed messages`,
      tasks: _`Task statistics`,
      report: _`Report`,
      blacklist: _`Blacklist`,
    } satisfies Record<ExportKind, string>
  )[kind];

export const taskActionLabel = (action: TaskAction): string =>
  (
    {
      confirm: _`Confirm`,
      edit: _`Edit`,
      pause: _`Pause`,
      resume: _`Resume`,
      stop: _`Stop`,
      cancel: _`Cancel task`,
    } satisfies Record<TaskAction, string>
  )[action];

export const trafficKindLabel = (kind: TrafficKind): string =>
  (
    {
      marketing: _`Marketing`,
      transactional: _`Transactional`,
    } satisfies Record<TrafficKind, string>
  )[kind];

export const roleLabel = (role: UserRole): string =>
  (
    {
      owner: _`Owner`,
      sender: _`Sender`,
      viewer: _`Viewer`,
    } satisfies Record<UserRole, string>
  )[role];

export const webhookEventLabel = (event: WebhookEvent): string =>
  (
    {
      receipt: _`Receipts`,
      inbound: _`Inbound messages`,
    } satisfies Record<WebhookEvent, string>
  )[event];

export const endpointLabel = ({ enabled, trouble }: Pick<EndpointView, 'enabled' | 'trouble'>): Label =>
  enabled || trouble === null ? switchLabel(enabled) : { text: _`Switched off by us`, tone: 'bad' };

export const switchLabel = (enabled: boolean): Label => (enabled ? { text: _`On`, tone: 'ok' } : { text: _`Off`, tone: 'wait' });

export const deliveryStateLabel = (state: DeliveryState): Label =>
  (
    {
      waiting: { text: _`Is tried again`, tone: 'busy' },
      delivered: { text: _`Taken`, tone: 'ok' },
      failed: { text: _`Given up`, tone: 'bad' },
    } satisfies Record<DeliveryState, Label>
  )[state];

/** What came back, in a word or as its HTTP status. */
export function attemptLabel({ status, error }: Pick<LaneAttempt, 'status' | 'error'>): Label {
  const reasons: Readonly<Record<string, string>> = {
    timeout: _`No answer in time`,
    unreachable: _`Not reachable`,
    redirect: _`Redirect`,
    refused_address: _`Address not allowed`,
  };
  const reason = error === null ? undefined : reasons[error];
  const text = [status === null ? '' : `HTTP ${status}`, reason ?? ''].filter((part) => part !== '').join(' · ');
  return { text: text === '' ? _`Failed` : text, tone: error === null ? 'ok' : 'bad' };
}

/** What a character outside GSM-7 is. */
export const characterKindLabel = (kind: CharacterKind): string =>
  (
    {
      quote: _`Curly quotes`,
      dash: _`Dashes`,
      ellipsis: _`Ellipsis`,
      space: _`Other blanks`,
      invisible: _`Invisible`,
      full_width: _`Full-width characters`,
      symbol: _`Symbols`,
      chinese: _`Chinese characters`,
      kana: _`Kana`,
      hangul: _`Hangul`,
      letter: _`Letters outside GSM-7`,
      emoji: _`Emoji`,
      other: _`Other characters`,
    } satisfies Record<CharacterKind, string>
  )[kind];

/** What a report may be grouped by, one or two at a time: the choices of its page. */
export const REPORT_GROUPINGS = ['country,user', 'country', 'user', 'key', 'sender', 'day', 'hour', 'day,country'] as const;
/** Of before July 2021 nobody knows users and keys. */
export const LEGACY_GROUPINGS = ['country', 'sender', 'day', 'day,country'] as const satisfies readonly (typeof REPORT_GROUPINGS)[number][];

export const reportGroupingLabel = (grouping: (typeof REPORT_GROUPINGS)[number]): string =>
  ({
    'country,user': _`Country and user`,
    country: _`Country or region`,
    user: _`User`,
    key: _`Key`,
    sender: 'From',
    day: _`Day`,
    hour: _`Hour`,
    'day,country': _`Day and country`,
  })[grouping];

export const periodLabel = (period: PeriodName): string =>
  ({
    today: _`Today`,
    yesterday: _`Yesterday`,
    week: _`Last 7 days`,
    month: _`Last 30 days`,
    thisMonth: _`This month`,
    lastMonth: _`Last month`,
    year: _`Last 12 months`,
  })[period];

export const approvalStateLabel = (state: ApprovalState): Label =>
  (
    {
      pending: { text: _`Being reviewed`, tone: 'busy' },
      approved: { text: _`Approved`, tone: 'ok' },
      refused: { text: _`Refused`, tone: 'bad' },
      withdrawn: { text: _`Withdrawn`, tone: 'wait' },
    } satisfies Record<ApprovalState, Label>
  )[state];

export const approvalKindLabel = (kind: ApprovalKind): string =>
  (
    {
      sender: 'From / Sender ID',
      signature: _`Signature`,
      template: _`Mainland template`,
    } satisfies Record<ApprovalKind, string>
  )[kind];

export const approvalActionLabel = (action: ApprovalAction): string =>
  (
    {
      applied: _`Applied`,
      approved: _`Approved`,
      refused: _`Refused`,
      withdrawn: _`Withdrawn`,
    } satisfies Record<ApprovalAction, string>
  )[action];

export const legacyFileLabel = (kind: LegacyFileKind): string => ({ messages: _`Messages`, tasks: _`Tasks` })[kind];

export const legacyRunLabel = (state: ImportState): Label =>
  (
    {
      // Nobody hears of a command that was ended in the middle.
      running: { text: _`Running or broken off`, tone: 'warn' },
      done: { text: _`Done`, tone: 'ok' },
      failed: { text: _`Failed`, tone: 'bad' },
    } satisfies Record<ImportState, Label>
  )[state];

export const legacyRefusalLabel = (reason: LegacyRefusalReason): string =>
  ({
    missing: _`missing`,
    invalid: _`cannot be read`,
    too_long: _`too long`,
    not_before_july_2021: _`not before July 2021`,
    not_final: _`not final: what became of it is not known`,
    duplicate: _`the id stood in a row above`,
    too_many_cells: _`more cells than titles`,
  })[reason];
