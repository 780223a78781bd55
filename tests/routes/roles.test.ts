/** Who may do what is decided in the verbs themselves, whatever the pages show: every verb of the console stands in this table. */
import { describe, expect, it } from 'vitest';
import { bindServices } from '../../workers/http/services';
import type { UserRole } from '../../schema/states';
import { makeWorld, worldGateways } from '../support/world';

const named = (text: string): string[] => text.trim().split(/\s+/);

/** Said to anybody, with or without a session: none of them is given an actor. */
const DOORS = named(`
  signIn signInCode resendCode forgotPassword resetPassword uploadTemplate measure
`);
/** What every user may: look, and keep their own account. */
const EVERYBODY = named(`
  signOut changePassword setPreferences profile revokeSession
  colleagues balance ledger home notices newNotices
  approvals approval approvalFile
  taskFormOptions upload task tasks legacyTasks taskExceptionRows taskFaults taskReasons
  log message report reportPicture reportNames
  startExport exports exportUsers export cancelExport repeatExport exportFile
  webhooks.list webhooks.find webhooks.attempts webhooks.inbound webhooks.optOutReply
  templates.list templates.find templates.prices
  keys.list keys.find
  blacklist.counts blacklist.list blacklist.imports blacklist.import
`);
/** Whatever reaches a recipient or a customer's server, or shows all numbers: not for viewers. */
const SENDERS = named(`
  createUpload uploadPart completeUpload createTask editTask confirmTask actOnTask taskExceptions
  applyForApproval withdrawApproval
  webhooks.create webhooks.edit webhooks.remove webhooks.replaceSecret webhooks.sendTest webhooks.replay
  templates.create templates.edit templates.remove
  blacklist.add blacklist.remove blacklist.startImport blacklist.setCountries
`);
const OWNERS = named(`
  users inviteUser changeUser renewPassword
  keys.limit keys.switchOn keys.addSecret keys.removeSecret keys.sign keys.unsign
  webhooks.setOptOutReply
`);

type Verb = (...given: readonly unknown[]) => Promise<unknown>;

/** By name; those of a part of the services as `part.verb`. */
const verbs = (): ReadonlyMap<string, Verb> =>
  new Map(
    Object.entries(bindServices(worldGateways())).flatMap(([name, found]: [string, unknown]) =>
      typeof found === 'function'
        ? [[name, found as Verb] as const]
        : Object.entries(found as Record<string, Verb>).map(([verb, part]) => [`${name}.${verb}`, part] as const),
    ),
  );

const refusal = async (name: string, role: UserRole): Promise<unknown> => {
  const { actor } = await makeWorld({ role });
  // Nothing of what follows the actor is looked at before the role is.
  const tried = verbs().get(name)?.(actor, 'nobody', {}, {}, {}) ?? Promise.resolve('no such verb');
  return await tried.then(
    () => 'done',
    (thrown: { code?: unknown }) => thrown.code,
  );
};

describe('every verb of the console', () => {
  it('stands in this table', () => {
    expect([...verbs().keys()].toSorted()).toEqual([...DOORS, ...EVERYBODY, ...SENDERS, ...OWNERS].toSorted());
  });

  it.each(SENDERS)('%s is refused to viewers', async (name) => {
    expect(await refusal(name, 'viewer')).toBe('forbidden');
  });

  it.each(OWNERS)('%s is refused to all but owners', async (name) => {
    expect([await refusal(name, 'viewer'), await refusal(name, 'sender')]).toEqual(['forbidden', 'forbidden']);
  });
});
