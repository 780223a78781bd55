/** One task as the console shows it: the truth from TaskRun with names, warnings and a preview beside it. */
import { maySend, seesNumbers, type Actor, type CountrySummary, type SenderWarningView, type TaskView } from '../../schema/console';
import { ERRORS, errorText, type ErrorCode } from '../../schema/errors';
import type { Iso2, TaskId } from '../../schema/ids';
import type { TaskSnapshot } from '../../schema/protocol/task-run';
import { CARRIER_DEFAULT_PER_SECOND } from '../../schema/limits';
import { taskActions, type Locale } from '../../schema/states';
import type { Gateways } from '../gateways';
import { accountsOfKey } from '../gateways/stores/carrier-accounts';
import type { KeyRow } from '../gateways/stores/service-desk';
import { countryName } from '../rules/countries';
import { senderWarnings, senderWarningText } from '../rules/sender-rules';
import { parseTemplate, renderTemplate } from '../rules/text-variables';
import { domesticFacts } from './domestic-content';
import { ownSnapshot } from './own-task';

export async function showTask(
  gateways: Pick<Gateways, 'env' | 'database' | 'tenant' | 'objects'>,
  actor: Actor,
  id: TaskId,
): Promise<TaskView> {
  const { row, snapshot: whole } = await ownSnapshot(gateways, actor, id);
  const snapshot = seesNumbers(actor) ? whole : withoutSample(whole);
  const { upload, key } = snapshot.settings;
  const { uploads, keys } = gateways.tenant(actor.tenant);
  const [file, sendingKey] = await Promise.all([upload === null ? null : uploads.find(upload), keys.find(key)]);
  return {
    ...snapshot,
    actions: maySend(actor) ? taskActions(snapshot.state, snapshot.startedAt) : [],
    userName: row.userName,
    file: file && { name: file.fileName, size: file.size, state: file.state },
    countries: countrySummaries(snapshot, actor.locale),
    preview: preview(snapshot),
    domestic: snapshot.settings.domestic
      ? await domesticFacts(gateways, actor.tenant, snapshot.settings.text, snapshot.settings.domestic)
      : null,
    refusalText: snapshot.refusal && refusalText(snapshot.refusal, actor.locale),
    hindranceText: snapshot.hindrance && errorText(snapshot.hindrance, actor.locale),
    carrierPerSecond: sendingKey === null ? CARRIER_DEFAULT_PER_SECOND : await paceOf(gateways, sendingKey),
  };
}

/** Of all carrier accounts of the key together. */
async function paceOf(
  gateways: Pick<Gateways, 'env' | 'database'>,
  { id, carrierAccountId }: Pick<KeyRow, 'id' | 'carrierAccountId'>,
): Promise<number> {
  const accounts = await accountsOfKey(gateways, id, carrierAccountId);
  return accounts.reduce((sum, { perSecond }) => sum + perSecond, 0);
}

/** Most messages first. */
function countrySummaries({ settings, check }: TaskSnapshot, locale: Locale): CountrySummary[] {
  return Object.entries(check.totals.byCountry)
    .toSorted(([, a], [, b]) => b.messages - a.messages)
    .map(([code, { messages, parts, costMicros }]) => {
      const country = code as Iso2;
      return {
        country,
        name: countryName(country, locale),
        messages,
        parts,
        // All messages of a country pay the same price a part, so this is exact.
        unitMicros: parts === 0 ? null : costMicros / parts,
        costMicros,
        warnings: warnings(settings.sender, country, locale),
      };
    });
}

const warnings = (sender: string, country: Iso2, locale: Locale): SenderWarningView[] =>
  senderWarnings(sender, country).map((warning) => ({
    level: warning.level,
    code: warning.code,
    text: senderWarningText(warning.code, locale, warning.details),
    updated: warning.updated,
    sourceUrl: warning.sourceUrl,
  }));

/** The sample is a recipient's whole row, the number first. */
const withoutSample = (snapshot: TaskSnapshot): TaskSnapshot => ({
  ...snapshot,
  check: { ...snapshot.check, totals: { ...snapshot.check.totals, sample: null } },
});

function preview({ settings, check }: TaskSnapshot): string | null {
  const { sample } = check.totals;
  if (sample === null) return null;
  const rendered = renderTemplate(parseTemplate(settings.text), check.columns, sample);
  return rendered.ok ? rendered.text : null;
}

const refusalText = ({ code, details }: { code: string; details: Readonly<Record<string, string | number>> }, locale: Locale): string =>
  errorText(Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : 'server_error', locale, details);
